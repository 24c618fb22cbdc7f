"""Shape of the choice of channels."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ChannelChoice(forms.Form):
    """Through which channels notices come."""

    by_email = forms.BooleanField(label=_("同时发送电子邮件"), required=False)
    robot = forms.CharField(
        label=_("机器人地址"),
        required=False,
        max_length=300,
        help_text=_("企业微信 wecombot://、钉钉 dingtalk:// 或飞书 feishu://；不填则不发送。"),
    )

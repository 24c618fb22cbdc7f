"""Shape of an upload."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Upload(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("PDF、DOCX、XLSX、PNG、JPG 或纯文本；作者、拍摄地点等信息会去掉，带电子签名的文件保持原样。"),
    )

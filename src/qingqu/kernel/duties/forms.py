"""What a person types about a duty."""

from django import forms
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.core.doors import PageForm


class Extension(PageForm):
    """A later date and its ground."""

    new_due_on = forms.DateField(label=_("新的到期日"), widget=forms.DateInput(attrs={"type": "date"}))
    ground = forms.CharField(label=_("延期理由"), max_length=200)


class Pause(PageForm):
    """The ground on which the clock stops."""

    ground = forms.CharField(label=_("暂停依据"), max_length=200)

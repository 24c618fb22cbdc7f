"""The draws package as Django sees it."""

from django.apps import AppConfig
from django.utils.translation import gettext_noop as _


class DrawsConfig(AppConfig):
    """Draw ceremonies."""

    name = "qingqu.kernel.draws"
    label = "draws"

    def ready(self) -> None:
        """Declare the package's events, what of them anybody may open, and which rows the log watches."""
        from qingqu.kernel.draws import models, queries  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.files import subjects  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415 - models are ready only here

        ledger.declare(
            {
                "draw.prepared": _("筹备抽签"),
                "draw.changed": _("修改抽签准备"),
                "draw.frozen": _("冻结抽签名单"),
                "draw.committed": _("提交抽签承诺"),
                "draw.closed": _("停止承诺，开始揭示"),
                "draw.revealed": _("揭示抽签承诺"),
                "draw.not_revealed": _("逾期未揭示"),
                "draw.recused": _("登记抽签回避"),
                "draw.source_recorded": _("登记公开随机源"),
                "draw.source_confirmed": _("核对公开随机源"),
                "draw.drawn": _("抽出结果"),
                "draw.abandoned": _("中止抽签"),
            },
            public={
                "draw.frozen": ("draw", "digest"),
                "draw.committed": ("draws", "party", "commitment"),
                "draw.closed": ("draws",),
                "draw.revealed": ("draws", "party", "contribution", "nonce"),
                "draw.not_revealed": ("draws", "party"),
                "draw.recused": ("draw", "entry"),
                "draw.source_recorded": ("draws", "value"),
                "draw.source_confirmed": ("draws", "value"),
                "draw.drawn": ("draw", "result_sha256"),
                "draw.abandoned": ("draws", "reason"),
            },
        )
        ledger.watch(
            queries.CEREMONY,
            ledger.columns(
                models.Ceremony,
                *("number", "title", "purpose", "unit_id", "state", "organisers", "commit_by", "reveal_by"),
                *("source_kind", "source_at", "throws", "game", "issue", "source_value", "recorded_by_id"),
                *("confirmed_by_id", "abandon_reason"),
                parties=("name", "speaks_for", "post_id", "commitment", "contribution", "nonce"),
            ),
        )
        ledger.watch(
            queries.DRAW,
            ledger.columns(
                models.Draw,
                *("number", "title", "kind", "is_personal", "quotas", "reserves", "digest", "result_sha256"),
                entries=("stratum", "number", "label", "unit_id"),
                recusals=("entry_id", "reason", "salt"),
            ),
        )
        subjects.register(queries.CEREMONY, queries.subject)

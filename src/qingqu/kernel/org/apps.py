"""The org package as Django sees it."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Units, people, posts and scope."""

    name = "qingqu.kernel.org"
    label = "org"

    def ready(self) -> None:
        """Declare the package's events; tell the search how far an actor's rights reach."""
        from qingqu.kernel.core import search  # noqa: PLC0415 - models are ready only here
        from qingqu.kernel.ledger import operations as ledger  # noqa: PLC0415
        from qingqu.kernel.org.rules import reach  # noqa: PLC0415

        search.use_reach(reach)

        ledger.declare(
            {
                "unit.added": "新增单位",
                "unit.renamed": "单位更名",
                "unit.moved": "单位划转",
                "unit.closed": "撤销单位",
                "post.added": "新增岗位",
                "post.appointed": "任职",
                "post.vacated": "离任",
                "post.withdrawn": "撤回任职",
                "account.opened": "开通账号",
                "account.reset": "重置账号",
                "account.disabled": "停用账号",
                "account.password_changed": "修改密码",
                "relationship.declared": "申报关系",
                "relationship.ended": "关系终止",
                "setting.set": "设定参数",
                "org.imported": "导入组织人员",
            }
        )

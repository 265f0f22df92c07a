"""The one grant table: which role may do what. Workflow steps name their roles themselves."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import N_


class Role(StrEnum):
    """岗位角色. 三员分立: admin, security and auditor hold no business role."""

    TRIAGE = "triage"
    CLERK = "clerk"
    HEAD = "head"
    GRID = "grid"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    SUPERVISOR = "supervisor"
    REWARDS = "rewards"
    LEADER = "leader"
    OBSERVER = "observer"
    ADMIN = "admin"
    SECURITY = "security"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    Role.TRIAGE: N_("受理员"),
    Role.CLERK: N_("承办员"),
    Role.HEAD: N_("承办负责人"),
    Role.GRID: N_("网格员"),
    Role.REVIEWER: N_("审核员"),
    Role.PUBLISHER: N_("公开审核员"),
    Role.SUPERVISOR: N_("督办员"),
    Role.REWARDS: N_("奖励管理员"),
    Role.LEADER: N_("领导"),
    Role.OBSERVER: N_("社会监督员"),
    Role.ADMIN: N_("系统管理员"),
    Role.SECURITY: N_("安全管理员"),
    Role.AUDITOR: N_("审计员"),
}


class Permission(StrEnum):
    """What a role can be granted beside the moves of the workflow."""

    ENTER_DESK = "enter_desk"
    SEE_ALL = "see_all"
    SEE_DEPARTMENT = "see_department"
    SEE_GRID = "see_grid"
    FILE_FOR_RESIDENT = "file_for_resident"
    SET_ACCUSED = "set_accused"
    RECORD_CONTACT = "record_contact"
    RECORD_CHECK = "record_check"
    OPEN_ORIGINAL = "open_original"
    REDACT = "redact"
    RECORD_PROGRESS = "record_progress"
    REPORT_PART = "report_part"
    HAND_TO_CLERK = "hand_to_clerk"
    SHARE_VIEW = "share_view"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    EDIT_TERMS = "edit_terms"
    EDIT_CALENDAR = "edit_calendar"
    SEE_CALENDAR_WARNING = "see_calendar_warning"
    SEE_LOG_WARNING = "see_log_warning"
    READ_ORDERS = "read_orders"
    ISSUE_ORDER = "issue_order"
    ANSWER_ORDER = "answer_order"
    READ_FIGURES = "read_figures"
    READ_SCORECARD = "read_scorecard"
    SET_TARGETS = "set_targets"
    SET_WEIGHTS = "set_weights"
    KEEP_ROSTER = "keep_roster"
    LOOK_BACK = "look_back"
    STAR_REPORT = "star_report"
    SET_SAMPLE_RATE = "set_sample_rate"
    EDIT_TEXTS = "edit_texts"
    SEE_ACCURACY = "see_accuracy"
    INSPECT = "inspect"
    PLAN_INSPECTION = "plan_inspection"
    READ_INSPECTIONS = "read_inspections"
    ANSWER_OBJECTION = "answer_objection"
    EXPOSE = "expose"
    IMPORT_QUALITY = "import_quality"
    SEE_WRITERS = "see_writers"
    KEEP_WRITERS = "keep_writers"


P = Permission
_READS_ALL = frozenset({P.ENTER_DESK, P.SEE_ALL, P.READ_FIGURES})
_HANDLES = frozenset(
    {
        P.ENTER_DESK,
        P.SEE_DEPARTMENT,
        P.RECORD_CONTACT,
        P.RECORD_CHECK,
        P.RECORD_PROGRESS,
        P.REPORT_PART,
        P.OPEN_ORIGINAL,
        P.ASK_EXTENSION,
        P.READ_ORDERS,
        P.ANSWER_ORDER,
        P.READ_FIGURES,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.TRIAGE: _READS_ALL
    | {
        P.FILE_FOR_RESIDENT,
        P.SET_ACCUSED,
        P.RECORD_CONTACT,
        P.OPEN_ORIGINAL,
        P.SHARE_VIEW,
    },
    Role.CLERK: _HANDLES,
    Role.HEAD: _HANDLES | {P.HAND_TO_CLERK, P.SHARE_VIEW},
    Role.GRID: frozenset(
        {
            *(P.ENTER_DESK, P.SEE_GRID, P.FILE_FOR_RESIDENT, P.RECORD_CHECK),
            *(P.LOOK_BACK, P.INSPECT),
        }
    ),
    Role.REVIEWER: _READS_ALL | {P.OPEN_ORIGINAL, P.LOOK_BACK, P.READ_ORDERS, P.READ_INSPECTIONS},
    Role.PUBLISHER: _READS_ALL | {P.OPEN_ORIGINAL, P.REDACT, P.ANSWER_OBJECTION, P.EXPOSE},
    Role.SUPERVISOR: _READS_ALL
    | {
        P.OPEN_ORIGINAL,
        P.RECORD_CONTACT,
        P.DECIDE_EXTENSION,
        P.ANSWER_OBJECTION,
        P.READ_ORDERS,
        P.ISSUE_ORDER,
        P.EDIT_TERMS,
        P.EDIT_CALENDAR,
        P.SEE_CALENDAR_WARNING,
        P.READ_SCORECARD,
        P.SET_TARGETS,
        P.SET_WEIGHTS,
        P.IMPORT_QUALITY,
        P.KEEP_ROSTER,
        P.STAR_REPORT,
        P.SET_SAMPLE_RATE,
        P.EDIT_TEXTS,
        P.SHARE_VIEW,
        P.SEE_ACCURACY,
        P.INSPECT,
        P.PLAN_INSPECTION,
        P.READ_INSPECTIONS,
    },
    Role.REWARDS: _READS_ALL,
    Role.LEADER: _READS_ALL | {P.READ_SCORECARD, P.READ_ORDERS, P.READ_INSPECTIONS},
    # Observers read an invited set, which a later room defines; until then they see nothing.
    Role.OBSERVER: frozenset({P.ENTER_DESK}),
    # Terms and holidays are the city's business, not the system's: admins see, supervisors set.
    Role.ADMIN: frozenset(
        {
            *(P.ENTER_DESK, P.SEE_CALENDAR_WARNING, P.SEE_LOG_WARNING, P.SEE_ACCURACY),
            *(P.SEE_WRITERS, P.KEEP_WRITERS),
        }
    ),
    Role.SECURITY: frozenset({P.ENTER_DESK, P.SEE_WRITERS}),
    Role.AUDITOR: frozenset({P.ENTER_DESK, P.SEE_WRITERS}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything `roles` together may do."""
    return frozenset(p for role in roles for p in GRANTS[role])

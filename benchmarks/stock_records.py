"""The record types of stock Strawberry. A code is a text, which costs less than an enum."""

from __future__ import annotations

from datetime import date

import strawberry

from schema.scalars import Fen


@strawberry.type
class TaxGrade:
    """A year's taxpayer grade."""

    year: int | None
    grade: str | None
    points: int | None
    assessed_on: date | None
    applied_on: date | None


@strawberry.type
class SeriousTaxViolation:
    """重大税收违法."""

    state: str | None
    violation: str | None
    decision_number: str | None
    listed_on: date | None
    delisted_on: date | None


@strawberry.type
class TaxArrears:
    """欠税."""

    state: str | None
    tax: str | None
    amount_fen: Fen | None
    since: date | None
    cleared_on: date | None


@strawberry.type
class Contribution:
    """参保缴费概况."""

    status: str | None
    months_paid: int | None
    insured_persons: int | None
    last_paid_month: date | None
    monthly_base_fen: Fen | None


@strawberry.type
class LabourGrade:
    """企业劳动保障守法诚信等级."""

    year: int | None
    grade: str | None
    assessed_on: date | None


@strawberry.type
class JudgmentDefault:
    """失信被执行人名单的一条."""

    state: str | None
    case_number: str | None
    court: str | None
    conduct: str | None
    performance: str | None
    listed_on: date | None
    expires_on: date | None


@strawberry.type
class ClosedEnforcement:
    """终结本次执行程序案件."""

    state: str | None
    case_number: str | None
    court: str | None
    closed_on: date | None
    claimed_fen: Fen | None
    unperformed_fen: Fen | None


@strawberry.type
class TransportGrade:
    """道路运输信用等级."""

    year: int | None
    grade: str | None
    demerits: int | None
    assessed_on: date | None
    licence_number: str | None


@strawberry.type
class TransportLicence:
    """道路运输许可."""

    licence_number: str | None
    kind: str | None
    status: str | None
    valid_from: date | None
    valid_until: date | None


@strawberry.type
class CreditScore:
    """个人信用积分."""

    programme: str | None
    enrolled_on: date | None
    score: int | None
    band: str | None
    assessed_on: date | None


@strawberry.type
class RedListEntry:
    """守信红名单的一条."""

    state: str | None
    list: str | None
    organ: str | None
    listed_on: date | None
    until: date | None


@strawberry.type
class Honour:
    """诚实守信相关荣誉."""

    title: str | None
    level: str | None
    organ: str | None
    awarded_on: date | None


@strawberry.type
class Volunteering:
    """志愿服务."""

    year: int | None
    organisation: str | None
    hours: int | None

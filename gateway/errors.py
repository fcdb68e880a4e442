"""Every error that a caller can see, with its stable code, its HTTP status and what to do about it.

Errors of a request as a whole are raised as `RequestError`; nothing is released then. Errors beside data are
`FieldError`s with a path. Messages never hold what the caller sent: a value may be an identity number.
"""

from dataclasses import dataclass
from typing import Any

from catalogue.identifiers import FormerNumberGiven, IdentifierError


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code. `status` is the HTTP status under application/graphql-response+json."""

    name: str
    status: int
    meaning: str
    remedy: str


CODES: dict[str, Code] = {}


def _code(name: str, status: int, meaning: str, remedy: str) -> Code:
    if name in CODES:
        raise ValueError(f"error code {name} is declared twice")
    CODES[name] = Code(name, status, meaning, remedy)
    return CODES[name]


BODY_TOO_LARGE = _code(
    "BODY_TOO_LARGE", 413, "The request body is larger than allowed.", "Send fewer subjects per request."
)
BODY_TOO_SLOW = _code(
    "BODY_TOO_SLOW",
    408,
    "The request body did not arrive in time.",
    "Send the body at once.",
)
MALFORMED_JSON = _code(
    "MALFORMED_JSON", 400, "The request body is not JSON.", "Send a JSON object encoded as UTF-8."
)
MALFORMED_REQUEST = _code(
    "MALFORMED_REQUEST",
    400,
    "The JSON is not a GraphQL request.",
    'Send an object with "documentId" or "query", and "variables" as an object.',
)
NUL_BYTE = _code("NUL_BYTE", 400, "A text holds a NUL character.", "Remove the character U+0000.")
UNSUPPORTED_MEDIA_TYPE = _code(
    "UNSUPPORTED_MEDIA_TYPE",
    415,
    "The body is of a media type that is not read here.",
    "Send Content-Type: application/json.",
)
UNSUPPORTED_CONTENT_ENCODING = _code(
    "UNSUPPORTED_CONTENT_ENCODING",
    415,
    "The body is in a content coding that is not read here.",
    "Send the body as it is, without Content-Encoding.",
)
NOT_ACCEPTABLE = _code(
    "NOT_ACCEPTABLE",
    406,
    "None of the accepted media types can be answered.",
    "Accept application/graphql-response+json or application/json.",
)
METHOD_NOT_ALLOWED = _code(
    "METHOD_NOT_ALLOWED", 405, "This method is not answered here.", "Use one that the header Allow names."
)
TOKEN_MISSING = _code(
    "TOKEN_MISSING", 401, "No bearer token was sent.", "Send Authorization: Bearer followed by the token."
)
TOKEN_INVALID = _code(
    "TOKEN_INVALID",
    401,
    "The token is not one that this gateway accepts.",
    "Ask the issuer for a token signed with a published key for this audience.",
)
TOKEN_EXPIRED = _code("TOKEN_EXPIRED", 401, "The token has expired.", "Ask the issuer for a new token.")
TOKEN_NOT_YET_VALID = _code(
    "TOKEN_NOT_YET_VALID", 401, "The token is not valid yet.", "Check the clock, or wait until it is."
)
OPERATION_UNKNOWN = _code(
    "OPERATION_UNKNOWN",
    404,
    "No operation of yours is registered under this id.",
    "List your operations with `creditgraph operations list`.",
)
AUTHORIZATION_UNAVAILABLE = _code(
    "AUTHORIZATION_UNAVAILABLE",
    503,
    "What the decision depends on cannot be had; nothing was released.",
    "Tell the gateway's operators, and ask again later.",
)
EVIDENCE_UNAVAILABLE = _code(
    "EVIDENCE_UNAVAILABLE",
    503,
    "The record of what is released cannot be kept; nothing was released.",
    "Tell the gateway's operators, and ask again later.",
)
OPERATION_OFF_DUTY = _code(
    "OPERATION_OFF_DUTY",
    403,
    "The operation is answered in its hours of duty only.",
    "Ask within the hours of duty that the operation states.",
)
CASE_NUMBER_MISSING = _code(
    "CASE_NUMBER_MISSING",
    400,
    "The purpose needs the number of a case and none was sent.",
    'Send "extensions": {"caseNumber": …} with the number of the case.',
)
CASE_NUMBER_INVALID = _code(
    "CASE_NUMBER_INVALID",
    400,
    "The text sent as the number of a case does not have the form of one.",
    "Send the number with its year, as the court or organ writes it.",
)
CASE_NUMBER_KIND = _code(
    "CASE_NUMBER_KIND",
    400,
    "The number is that of a kind of case which the purpose does not serve.",
    "Send the number of a case of an accepted kind, or use an operation for the case that you have.",
)
AUTHORISATION_MISSING = _code(
    "AUTHORISATION_MISSING",
    403,
    "No authorisation of this number lets you ask about this borrower for this purpose today.",
    "Compare number, borrower, term and count with the authorisation, or ask the borrower for a new one.",
)
CASE_SUBJECTS_EXCEEDED = _code(
    "CASE_SUBJECTS_EXCEEDED",
    403,
    "More subjects were asked about under this case number than one case may have.",
    "Ask about each subject under the number of its own case, or ask the credit office to change the bound.",
)
OVERLOADED = _code(
    "OVERLOADED",
    503,
    "The gateway has more requests than it can begin; this one was not looked at.",
    "Ask again after the seconds that Retry-After names.",
)
QUOTA_EXCEEDED = _code(
    "QUOTA_EXCEEDED",
    429,
    "The operation has been asked as often as it may be.",
    "Ask again after the seconds that Retry-After names.",
)
DOCUMENT_NOT_ALLOWED = _code(
    "DOCUMENT_NOT_ALLOWED",
    403,
    "Free documents are answered in the explorer only.",
    'Register the operation and send its "documentId".',
)
OPERATION_NAME = _code(
    "OPERATION_NAME",
    400,
    "The document does not hold exactly one operation of the name that was asked for.",
    'Send "operationName" with the name of one operation of the document.',
)
OPERATION_KIND = _code(
    "OPERATION_KIND", 400, "Only queries are answered.", "Send an operation of the kind query."
)
PURPOSE_MISSING = _code(
    "PURPOSE_MISSING",
    400,
    "The document reads classified fields and no purpose was named.",
    "Send the header Data-Purpose with one of the purposes that you were granted.",
)
PURPOSE_UNKNOWN = _code(
    "PURPOSE_UNKNOWN",
    400,
    "The purpose is not a leaf of the purpose tree.",
    "Choose a purpose from docs/policies.md.",
)
PURPOSE_NOT_GRANTED = _code(
    "PURPOSE_NOT_GRANTED",
    403,
    "The token does not carry this purpose.",
    "Choose a granted purpose, or ask for the grant.",
)
DOCUMENT_SYNTAX = _code(
    "DOCUMENT_SYNTAX", 400, "The document is not GraphQL.", "Mend the document at the place named."
)
DOCUMENT_INVALID = _code(
    "DOCUMENT_INVALID", 400, "The document does not fit the schema.", "Mend the document at the place named."
)
INTROSPECTION_DISABLED = _code(
    "INTROSPECTION_DISABLED",
    400,
    "Introspection is answered in the explorer only.",
    "Read the SDL with `creditgraph schema print`.",
)
TOO_MANY_TOKENS = _code("TOO_MANY_TOKENS", 400, "The document has too many tokens.", "Split the document.")
TOO_DEEP = _code("TOO_DEEP", 400, "The document nests too deeply.", "Select fewer levels.")
TOO_MANY_ALIASES = _code(
    "TOO_MANY_ALIASES", 400, "The document has too many aliases.", "Use a list field instead of aliases."
)
TOO_MANY_DIRECTIVES = _code(
    "TOO_MANY_DIRECTIVES", 400, "The document has too many directives.", "Remove directives."
)
TOO_MANY_FRAGMENTS = _code(
    "TOO_MANY_FRAGMENTS",
    400,
    "The document's fragments expand to too many fields.",
    "Use fewer fragment spreads.",
)
FRAGMENT_CYCLE = _code("FRAGMENT_CYCLE", 400, "A fragment spreads itself.", "Break the cycle of fragments.")
TOO_MANY_CONDITIONS = _code(
    "TOO_MANY_CONDITIONS",
    400,
    "Too many variables decide about @include and @skip.",
    "Write separate operations.",
)
TOO_MANY_NODES = _code(
    "TOO_MANY_NODES", 400, "The answer could be too large.", "Ask for fewer subjects or fewer records each."
)
TOO_MANY_SUBJECTS = _code(
    "TOO_MANY_SUBJECTS",
    400,
    "The request names more subjects than the operation may.",
    "Send the subjects in several requests.",
)
DUPLICATE_SUBJECT = _code(
    "DUPLICATE_SUBJECT", 400, "A subject is named twice in one list.", "Name each subject once."
)
VARIABLE_INVALID = _code(
    "VARIABLE_INVALID",
    400,
    "A variable is missing or is not of its type.",
    "Send the variables that `creditgraph operations list` names.",
)
IDENTIFIER_INVALID = _code(
    "IDENTIFIER_INVALID",
    400,
    "An identifier is not a valid identity number or unified social credit code.",
    "Check the number of signs, the birth date and the check sign.",
)
IDENTIFIER_FORMER = _code(
    "IDENTIFIER_FORMER",
    400,
    "A former identity number of 15 digits stands where one of 18 signs is needed.",
    "Send the number of 18 signs, or look the person up by personByDocument(document: {formerNumber: …}).",
)
CURSOR_INVALID = _code(
    "CURSOR_INVALID",
    200,
    "The cursor is none of this list.",
    "Send a cursor that this list gave, for the same subject, purpose, filter and order, or start again from the first page.",
)
SUBJECT_NOT_SELF = _code(
    "SUBJECT_NOT_SELF",
    403,
    "This operation reads the caller's own data and the token does not name whose.",
    "Use a token that was issued to a person, for an enterprise's own data with the enterprise for which the person acts.",
)
REPRESENTATIVE_NOT_IN_OFFICE = _code(
    "REPRESENTATIVE_NOT_IN_OFFICE",
    403,
    "The token's person does not represent the token's enterprise today.",
    "Use a token of the person who represents the enterprise in the registry today.",
)
FIELD_DENIED = _code(
    "FIELD_DENIED",
    200,
    "The purpose does not cover this field.",
    "Remove the field, or ask under a purpose that covers it.",
)
FIELD_NOT_AUTHORISED = _code(
    "FIELD_NOT_AUTHORISED",
    200,
    "The borrower's authorisation does not cover this field.",
    "Remove the field, or ask the borrower for an authorisation that names its catalogue item.",
)
BUREAU_UNAVAILABLE = _code("BUREAU_UNAVAILABLE", 200, "The bureau cannot be reached.", "Ask again later.")
BUREAU_TIMED_OUT = _code("BUREAU_TIMED_OUT", 200, "The bureau did not answer in time.", "Ask again later.")
BUREAU_REFUSED = _code("BUREAU_REFUSED", 200, "The bureau refused the read.", "Tell the gateway's operators.")
BUREAU_CONTRACT_BROKEN = _code(
    "BUREAU_CONTRACT_BROKEN",
    200,
    "The bureau's record is not what its dataset declares.",
    "Tell the bureau; the record stays with it.",
)
BUREAU_OVER_BUDGET = _code(
    "BUREAU_OVER_BUDGET", 200, "The read is larger than one round trip may be.", "Ask for fewer subjects."
)
BUREAU_ERROR = _code("BUREAU_ERROR", 200, "The bureau could not be read.", "Ask again later.")
INTERNAL = _code(
    "INTERNAL", 500, "The gateway failed; nothing was released.", "Tell the gateway's operators."
)


def code_of_identifier(error: IdentifierError) -> Code:
    """Return the code by which an identifier is refused."""
    return IDENTIFIER_FORMER if isinstance(error, FormerNumberGiven) else IDENTIFIER_INVALID


class RequestError(Exception):
    """The request as a whole is refused; nothing is released.

    `detail` says what was wrong without the caller's values; `locations` are pairs of line and column;
    `extensions` are added to the error's.
    """

    def __init__(
        self,
        code: Code,
        detail: str = "",
        locations: tuple[tuple[int, int], ...] = (),
        extensions: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code.name, detail)
        self.code = code
        self.detail = detail
        self.locations = locations
        self.extensions = extensions or {}

    def formatted(self) -> dict[str, Any]:
        """Return the error as the GraphQL specification's section 7.1.2 lays it out."""
        message = f"{self.code.meaning} {self.detail}".rstrip()
        error: dict[str, Any] = {"message": message}
        if self.locations:
            error["locations"] = [{"line": line, "column": column} for line, column in self.locations]
        error["extensions"] = {"code": self.code.name, "remedy": self.code.remedy, **self.extensions}
        return error


class StartRefused(Exception):
    """The gateway does not start; the message says what is wrong and what to do."""

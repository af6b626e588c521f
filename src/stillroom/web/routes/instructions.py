"""`/instruction`: preview of how an instruction is read."""

from fastapi import APIRouter, Request

from stillroom.application.jobs.orders import usable_prompt
from stillroom.domain.words import language_like
from stillroom.web.dependencies import CallDep, counted
from stillroom.web.problems import language_of
from stillroom.web.responses import LIMITED, PROMPT, WITH_ID, errors
from stillroom.web.schemas.instructions import Instruction, InstructionRequest, instruction_answer

router = APIRouter(tags=["jobs"])


@router.post(
    "/instruction",
    responses=errors(WITH_ID, LIMITED, PROMPT, body=True),
    dependencies=[counted("instructions")],
)
async def read_instruction(call: CallDep, request: Request, body: InstructionRequest) -> Instruction:
    """Read an instruction without making a job.

    The plan is that of the first candidate. Labels and suggestions are in the language of `Accept-Language`;
    without that header, in that of the text.
    """
    preview = await call.studio.instructions.preview(
        usable_prompt(body.text, required=True),
        call.owner,
        session_id=body.session_id,
        variant_id=body.variant_id,
        operation=body.operation,
        ask_reader=body.ask_reader,
    )
    has_language = bool(request.headers.get("accept-language"))
    return instruction_answer(preview, language_of(request) if has_language else language_like(body.text))

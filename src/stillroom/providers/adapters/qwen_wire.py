"""Connection to Alibaba Model Studio (DashScope), shared by its adapters, and the mapping of its errors."""

import re
from collections.abc import Mapping
from datetime import date

from stillroom.providers.adapters import wire
from stillroom.providers.adapters.http_wire import HttpModel
from stillroom.providers.adapters.wire import ErrorRule

_LISTS_SECONDS = 10.0

_NO_TASK = "00000000-0000-0000-0000-000000000000"

_REQUEST = r"invalidparameter|badrequest|invalidurl|internalerror\.algo\.invalidparameter"

_ERROR_RULES = (
    ErrorRule("moderation", "datainspectionfailed"),
    ErrorRule("connection", about="download"),
    ErrorRule("connection", r".*download|invalidparameter\.datainspection"),
    ErrorRule("quota", r"arrearage|prepaidbilloverdue|postpaidbilloverdue|budgetlimit|allocationquota\.free"),
    ErrorRule("rate_limited", "throttling|limitrequests|insufficientquota"),
    ErrorRule("model_not_found", "modelnotfound"),
    ErrorRule("model_not_found", about="model not exist"),
    ErrorRule("key", "invalidapikey"),
    ErrorRule("region_or_billing", r"accessdenied\.unpurchased|commoditynotpurchased"),
    ErrorRule("bad_request", r"(model\.)?accessdenied", "synchronous calls"),
    ErrorRule("permission", r"(model\.)?accessdenied"),
    ErrorRule("upstream", r"requesttimeout|internalerror\.timeout"),
    ErrorRule("picture_size", r"badrequest\.toolarge"),
    ErrorRule("picture", r"badrequest\.unsupportedfileformat"),
    ErrorRule("picture", _REQUEST, "image|picture|url"),
    ErrorRule("prompt", _REQUEST, "prompt|text"),
    ErrorRule("bad_request", _REQUEST),
)


class DashScopeModel(HttpModel):
    """A model of the service, and the service's list of models."""

    name = "qwen"
    vendor_url = "https://dashscope.aliyuncs.com"
    # The adapters append their own.
    endings = ("/compatible-mode/v1", "/api/v1")
    # Object storage of the service, where results lie for 24 hours and uploads for 48.
    result_hosts = re.compile(r"dashscope[a-z0-9-]*\.oss-[a-z0-9-]+\.aliyuncs\.com")
    error_rules = _ERROR_RULES
    usual_wait = 60.0  # their limits count per minute

    async def listed(self) -> Mapping[str, date | None]:
        """Return the ids of the models on the vendor's list; empty if it does not name the model in use.

        The list is known to leave out models that are served, so a missing name proves nothing. Without a
        list, a question about a task that does not exist still shows whether key and address are right.
        """
        answer = await self._connection.sent("GET", "/compatible-mode/v1/models", seconds=_LISTS_SECONDS)
        if answer.status in (404, 405):
            await self._sent("GET", f"/api/v1/tasks/{_NO_TASK}", seconds=_LISTS_SECONDS, prompt="")
            return {}
        if answer.status != 200:
            raise self._failed(answer.document, answer.status, answer.headers, prompt="")
        listed = wire.listed_models(answer.document)
        return listed if any(wire.is_version_of(name, self.model) for name in listed) else {}

"""How much one owner may ask for; set by the operator."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that services enforce and `/config` tells.

    Attributes:
        max_upload_bytes: Size of an uploaded file.
        max_megapixels: What an uploaded picture's header may claim.
        max_side: Long side of a stored asset, in pixels.
        user_running: Jobs of one owner that run at once.
        user_queued: Jobs of one owner that wait at once.
        lease_seconds: How long a claimed job may go without a heartbeat.
        export_ttl_hours: How long an export lives.
    """

    max_upload_bytes: int = 30 * 1024 * 1024
    max_megapixels: int = 100
    max_side: int = 4096
    user_running: int = 2
    user_queued: int = 20
    lease_seconds: float = 15.0
    export_ttl_hours: int = 24

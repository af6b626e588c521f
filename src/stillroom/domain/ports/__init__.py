"""Ports of the application services, as protocols; `stillroom.bootstrap` chooses the implementations."""

from stillroom.domain.ports.batches import BatchItemRepository, BatchRepository, RecipeRepository
from stillroom.domain.ports.calls import (
    BreakerState,
    ProviderCall,
    ProviderCallRepository,
    ProviderState,
    ProviderStateRepository,
    UsageRow,
)
from stillroom.domain.ports.infrastructure import (
    Allowance,
    Blobs,
    Catalogue,
    Clock,
    OpenBlob,
    RateLimiter,
    StoredBlob,
)
from stillroom.domain.ports.mattes import CutoutCache, MatteRepository, ProductFinder
from stillroom.domain.ports.pages import Page
from stillroom.domain.ports.previews import PreviewMaker, PreviewRequest
from stillroom.domain.ports.queue import EventLog, JobQueue, Notifier, Subscription
from stillroom.domain.ports.readers import (
    ClauseAnswer,
    PhotoQuestion,
    PictureQuestion,
    Question,
    Reader,
    ReaderAnswer,
    ReaderQuestion,
)
from stillroom.domain.ports.repositories import (
    AssetRepository,
    BlobNames,
    ExportRepository,
    GoldenVoteRepository,
    IdempotencyRepository,
    OwnerRepository,
    ReservedKey,
    SessionRepository,
    SignInRepository,
    VariantRepository,
)
from stillroom.domain.ports.transactions import ErasingTransactions, UnitOfWork, UnitOfWorkFactory
from stillroom.domain.ports.webhooks import DeliveryRepository, WebhookRepository, WebhookSender

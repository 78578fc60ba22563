"""The parts of a running bridge, put together from its settings."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Final

from services.media_bridge.call.backend import Clock, Dependencies
from services.media_bridge.call.call_metrics import Traffic
from services.media_bridge.call.context import Runtime
from services.media_bridge.call.opening.setup import ModelVoice, session_tuning
from services.media_bridge.call.records.turn_writer import TurnWriter
from services.media_bridge.call.word_models import WordModels
from services.media_bridge.legs.model import RealtimeEndpoint, RealtimeLeg
from services.media_bridge.process import claim_weights
from services.media_bridge.process.secret_cache import SecretCache
from services.media_bridge.process.settings import BridgeSettings
from services.media_bridge.speech.clips import ClipCache, VoiceClips
from services.media_bridge.speech.reading import SentenceReader
from shared.actions.admission import Admission
from shared.actions.ports import Ports
from shared.adapters import hazard_weights
from shared.adapters.balancer_target import BalancerTarget, own_address
from shared.businesses import by_id

# For all calls together. Tools have more: each may wait for a table, for Stripe and for Twilio.
TOOL_THREADS, WRITER_THREADS = 24, 12
TOKEN, TWILIO, OPENAI = "STREAM_TOKEN_SECRET", "TWILIO_AUTH_TOKEN", "OPENAI_API_KEY"
SECRETS: Final = (TOKEN, TWILIO, OPENAI, "STRIPE_API_KEY")

# What the adapters import at their first use. In the middle of a call that would hold up the
# audio of all of them for half a second.
LATE_IMPORTS: Final = (
    "phonenumbers.data.region_US",
    "requests",
    "stripe._checkout_service",
    "stripe._object_classes",
    "stripe._stripe_client",
    "stripe.checkout._session_service",
    "twilio.http.http_client",
    "twilio.rest.api.v2010.account.message",
)


def warm() -> None:
    """Import what would be imported later; a name that a new version lost costs only that."""
    for name in LATE_IMPORTS:
        with suppress(ImportError):
            import_module(name)


def is_draining(target_group_arn: str, metadata: str) -> bool:
    """Whether the balancer gives this task no more calls; `metadata` is ECS's own address for it.
    Blocks; raises PortError."""
    return _target(target_group_arn, metadata).draining()


@cache
def _target(target_group_arn: str, metadata: str) -> BalancerTarget:
    import boto3  # a bridge on a laptop has no balancer

    return BalancerTarget(boto3.client("elbv2"), target_group_arn, own_address(metadata))


def voice_clips(chosen: BridgeSettings, keys: SecretCache, ports: Ports) -> VoiceClips:
    """The fixed sentences, none of them ready yet."""
    dial = partial(RealtimeLeg, _endpoint(chosen, keys))

    def of_voice(voice: str) -> ClipCache:
        reader = SentenceReader(dial, chosen.model, voice)
        return ClipCache(ports.clips, reader, chosen.model, voice)

    return VoiceClips(of_voice, chosen.voice)


def build_runtime(
    chosen: BridgeSettings,
    keys: SecretCache,
    clock: Clock,
    ports: Ports,
    clips: VoiceClips,
    public_url: Callable[[], str],
) -> Runtime:
    """What all calls share. `public_url` gives the address of webhooks; it may block."""
    dependencies = Dependencies(
        ports=ports,
        business=by_id,
        token_secrets=partial(keys.all, TOKEN),
        clock=clock,
        voice=ModelVoice(chosen.model, chosen.voice),
        clips=clips.of,
        public_url=public_url,
        admission=Admission(ports.admissions, chosen.budget, chosen.calls_an_hour),
        words=WordModels(hazard_weights.load().verdict, claim_weights.load().read),
    )
    return Runtime(
        dependencies=dependencies,
        model=partial(RealtimeLeg, _endpoint(chosen, keys)),
        tools=ThreadPoolExecutor(TOOL_THREADS, "tool"),
        writers=ThreadPoolExecutor(WRITER_THREADS, "writer"),
        turns=TurnWriter(ports.turns, ThreadPoolExecutor(1, "turns")),
        traffic=Traffic(),
        journal_dir=_folder(chosen.journal_dir),
    )


def _endpoint(chosen: BridgeSettings, keys: SecretCache) -> RealtimeEndpoint:
    key, salt = partial(keys.current, OPENAI), partial(keys.current, TOKEN)
    return RealtimeEndpoint(chosen.realtime_url, key, salt, session_tuning(chosen.model))


def _folder(name: str | None) -> Path | None:
    if name is None:
        return None
    Path(name).mkdir(parents=True, exist_ok=True)
    return Path(name)

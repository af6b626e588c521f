"""Trial of new weights: they run once on a fixed input before they are used."""

from pathlib import Path

import numpy as np

from stillroom.domain.networks import Device, NetworkCard
from stillroom.imaging.cutout.inference import Engine, engines_for, open_session, without_cpu
from stillroom.imaging.cutout.networks import (
    Network,
    NetworkSpec,
    ball_on_wall,
    finds_a_ball,
    shows_the_ball,
    spec_of,
)
from stillroom.imaging.cutout.prompted import Prompt, PromptNetwork
from stillroom.imaging.quality.lettering import TextNetwork, reads_a_word
from stillroom.providers.memory import available_mb
from stillroom.providers.weights.folder import Trial


def trial_on(device: Device) -> Trial:
    """Return the trial of new weights on a device, and on the CPU."""

    def trial(card: NetworkCard, path: Path) -> None:
        if card.default_use == "lettering":
            if not reads_a_word(TextNetwork(path)):
                raise RuntimeError("it does not find a drawn word")
        elif card.default_use == "prompt":
            _try_prompts(prompt_network(card, path.parent))
        elif card.cuts_out:
            _try_cut_out(card, path, device)
        else:
            for file in card.files:
                if file.name.endswith(".onnx"):
                    open_session(path.with_name(Path(file.name).name))

    return trial


def usual_spec(card: NetworkCard) -> NetworkSpec:
    """Return a network's input format at the largest side that fits in memory, and else at the smallest."""
    least = min(size.memory_mb for size in card.input.sizes)
    spec = spec_of(card, available_mb()) or spec_of(card, least)
    assert spec is not None  # every card that cuts out states its scaling
    return spec


def prompt_network(card: NetworkCard, folder: Path) -> PromptNetwork:
    """Load the encoder and the decoder of a network that answers prompts from the folder that holds both."""
    encoder, decoder = (folder / Path(file.name).name for file in card.files)
    return PromptNetwork(encoder, decoder)


def _try_prompts(network: PromptNetwork) -> None:
    answer = network.answer(network.encoded(ball_on_wall()), Prompt([(0.5, 0.5, True)]))
    if not shows_the_ball(np.asarray(answer.best > 0, np.float32)):
        raise RuntimeError("it does not find a ball by a point on it")


def _try_cut_out(card: NetworkCard, path: Path, device: Device) -> None:
    spec, reason = usual_spec(card), ""
    # Some networks run on a GPU only; every other engine is compared with this one before it is used.
    candidates: tuple[Engine, ...] = ("onnxruntime", *without_cpu(engines_for(device)))
    for engine in candidates:
        try:
            if finds_a_ball(Network(path, spec, engine)):
                return
            reason = "it does not find a ball in front of a wall"
        except RuntimeError as error:
            reason = str(error)
    raise RuntimeError(reason)

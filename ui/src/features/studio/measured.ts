/** What was measured of a photo and is sure enough to be held to, in words. */
import type { Schemas } from "@/api/client";
import type { enStudio } from "@/shared/i18n/messages/en-studio";

type Context = Schemas["Session"]["context"];
type Words = (typeof enStudio)["measured"];

/** Degrees of azimuth within which light comes from the camera's side. */
const FRONT = 20;

/** `Light from the left (82% sure)` and the like; what is not sure is null in the answer and left out here. */
export function measuredOf({ lighting, perspective, color_tone }: Context, words: Words): string[] {
  const said: string[] = [];
  const azimuth = lighting.azimuth_deg ?? null;
  const kelvin = color_tone.kelvin ?? null;
  const pitch = perspective.pitch_deg ?? null;
  if (azimuth !== null) {
    const side = Math.abs(azimuth) <= FRONT ? "front" : azimuth < 0 ? "left" : "right";
    said.push(words.light[side](percent(lighting.confidence?.azimuth_deg)));
  }
  if (kelvin !== null) {
    said.push(words.kelvin(Math.round(kelvin / 100) * 100, percent(color_tone.confidence?.kelvin)));
  }
  if (pitch !== null) {
    said.push(words.pitch(Math.round(pitch), percent(perspective.confidence?.pitch_deg)));
  }
  return said;
}

/** Empty where it was not noted. */
const percent = (confidence: number | undefined) =>
  confidence === undefined ? "" : `${Math.floor(confidence * 100)}%`;

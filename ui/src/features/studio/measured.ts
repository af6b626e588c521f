/** Properties that a picture must keep besides the wishes: measured with confidence, or requested. */
import { frontDegrees } from "@/api/bounds.gen";
import type { Session } from "@/api/client";
import type { enStudio } from "@/shared/i18n/messages/en/studio";

type Context = Session["context"];
type Words = (typeof enStudio)["measured"];

/** Labels such as `Light from the left`. Measurements below the confidence `least` are left out. */
export function measuredOf(
  { lighting, perspective, color_tone }: Context,
  words: Words,
  least: number,
): string[] {
  const sure = (figure: number | null | undefined, confidence = 1) =>
    confidence < least ? null : (figure ?? null);
  const said: string[] = [];
  const azimuth = sure(lighting.azimuth_deg, lighting.confidence?.azimuth_deg);
  const kelvin = sure(color_tone.kelvin, color_tone.confidence?.kelvin);
  const pitch = sure(perspective.pitch_deg, perspective.confidence?.pitch_deg);
  if (azimuth !== null) {
    const side = Math.abs(azimuth) <= frontDegrees ? "front" : azimuth < 0 ? "left" : "right";
    said.push(words.light[side]);
  }
  if (kelvin !== null) said.push(words.kelvin(Math.round(kelvin / 100) * 100));
  if (pitch !== null) said.push(words.pitch(Math.round(pitch)));
  return said;
}

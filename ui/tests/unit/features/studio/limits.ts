/** The limits of figures as the server sends them. */
import type { Schemas } from "@/api/client";

export const limits: Schemas["Marks"] = {
  most: { protected_delta_e: 6, light_shift_deg: 5, kelvin_shift: 150, perspective_deg: 1, logo_shift_px: 2 },
  least: { edge_confidence: 0.9, quality: 0.6 },
  see_through: 0.03,
  sure: 0.5,
};

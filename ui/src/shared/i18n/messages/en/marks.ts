/** English words of the figures measured on a picture, and of their remedies. */

export const enMarkMeans = {
  protected_delta_e: (limit: string) =>
    `How much the product's own colours changed (ΔE): 95% of the product changed by no more than this. Above ${limit}, compare it with the photo.`,
  light_shift_deg: (limit: string) => `How far the light on the product turned. Up to ${limit} is fine.`,
  kelvin_shift: (limit: string) => `How much warmer or cooler the product became. Up to ${limit} is fine.`,
  perspective_deg: (limit: string) => `How far the product was tilted. Up to ${limit} is fine.`,
  logo_shift_px: (limit: string) =>
    `How far the lettering moved from its place, in a picture 1024 px wide. Up to ${limit} is fine.`,
  cut_off: () => "Part of the product is cut off in the photo. Take it again with room around the product.",
  not_found: () => "Nothing was cut out, so the photo keeps its own background. Fix the cut-out.",
  looks_differ: () => "The cut-out is not certain: check the outline.",
  soft: () => "Parts of the edge could be product or background: check the outline.",
  leaves_crop: () => "Part of the product may have been left out: check the outline.",
  no_network: () =>
    "The cut-out model is not available, so the product was cut out by colour alone: check the outline.",
  doubted: () => "The outline may be wrong: check it.",
  subject: () => "How much of the picture the product's longer side takes.",
  edge_confidence: (limit: string) => `How sure we are that the cut-out is right. Below ${limit}, check it.`,
  quality: () =>
    "A score out of 100 for comparing the choices: clear outline, no glare, no halo, matching viewpoint.",
};

export const enMarks = {
  protected_delta_e: "Colour match",
  light_shift_deg: "Direction of the light",
  kelvin_shift: "Warmth",
  perspective_deg: "Angle",
  logo_shift_px: "Lettering",
  cut_off: "Part of the product is cut off",
  not_found: "No product found",
  looks_differ: "The cut-out is not certain: check it",
  soft: "The edge is too soft to be sure of: check it",
  leaves_crop: "Part of the product may be missing: check it",
  no_network: "Cut out by colour alone: check the outline",
  doubted: "The cut-out may be wrong: check it",
  subject: "Size in the picture",
  edge_confidence: "Cut-out",
  quality: "Overall",
};

export const enRestore = {
  product: "Restore the product",
  light: "Restore its light",
  tone: "Restore its warmth",
  perspective: "Restore its angle",
  logo: "Restore its lettering",
};

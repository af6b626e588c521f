/** English words of what happened while pictures were made, and of why a model was not used. */

export const enReasons = {
  rate_limited: "rate-limited",
  timeout: "timed out",
  unavailable: "failed",
  error: "failed",
  auth: "key not accepted",
  retired: "retired",
  over_budget: "over budget",
  price_unknown: "price not known, so no budget covers it",
  interrupted: "the call was interrupted and may have been charged, so it was not repeated",
  breaker_open: "paused after failures",
  refused: "declined this request",
  not_configured: "not set up",
  not_capable: "cannot do this",
  too_slow_for_deadline: "too slow",
  not_chosen: "not chosen",
  switched_off: "switched off on this server",
  unreachable: "not reachable",
  permission: "key may not do this",
  account_limited: "account limited",
  quota: "quota used up",
  region: "not offered in this region",
  region_or_billing: "not offered here, or billing is off",
} as Record<string, string>;

export const enLogs = {
  FALLBACK: (p) => `${p("from")}: ${p("reason")}; ${p("to")} took over`,
  READ_AS: (p) => `“${p("text")}” read as: ${p("en")}`,
  NOT_UNDERSTOOD: (p) => `“${p("words")}” was not understood. ${p("en") || p("suggestion")}`,
  NOT_POSSIBLE: (p) => `Not possible here: “${p("words")}”. ${p("en") || p("suggestion")}`,
  AMBIGUOUS: (p) => `Not clear what you want: “${p("words")}”. ${p("en") || p("suggestion")}`,
  REFUSED: (p) => `Nothing to change: “${p("words")}”. ${p("en") || p("suggestion")}`,
  WISH_REPLACED: (p) => `“${p("new_en")}” replaced “${p("old_en")}”`,
  WISH_WITHDRAWN: (p) => `“${p("en")}” was taken back`,
  LETTERING_NOT_SOUGHT: () => "The lettering was not checked: the model that finds it is not installed",
  FRAMING_SMALLER: (p) =>
    `The product fills ${p("made_percent")}% of the picture: any larger, it would blur or not fit`,
  FRAMING_KEPT_INSIDE: () => "The product was kept inside the picture",
  ROTATION_NEEDS_BACKGROUND: () =>
    "In the photo's own or an AI background the product cannot be rotated; choose another background",
  RATIO_NEEDS_BACKGROUND: (p) =>
    `${p("aspect")} would cut the product in this background; choose another background`,
  PLACE_NEEDS_BACKGROUND: () =>
    "This background is too small for that size or position; choose another background",
  SHADOW_NEEDS_BACKGROUND: () =>
    "In the photo's own or an AI background the shadow stays as it is; choose another background",
  DETAIL_NEEDS_BACKGROUND: () =>
    "In an AI background sharpness and noise stay as they are; choose another background",
  PAINTED_REPLACED: () =>
    "An AI background cannot be altered, so a new one took its place; undo to have it back",
  REFLECTION_FLAT: () => "The product lies flat, so it has no reflection",
  RESTORED_ANEW: () => "The product was not found in that picture, so its background was made again",
  MATTE_MODEL: () => "Cut out",
  MATTE_CORRECTED: () => "Cut out as you corrected it",
  MATTE_FALLBACK: () => "Cut out by colour alone; check the outline",
  MATTE_GLASS: () => "Colourless glass found; the new backdrop shows through it",
  GLASS_UNSURE: () => "Parts may be clear glass and were kept as in the photo; if so, say “it’s glass”",
  MATTE_SEE_THROUGH: () =>
    "The old background may show inside the product; if it is clear glass or plastic, say “it’s glass”",
  SCENE_FLOOR: (p) =>
    `It looks like furniture, so it stands in “${p("scene_en")}”. If it is small, choose its size`,
  SCENE_ANY_SIZE: (p) =>
    `It may be a toy or the real thing, so it stands on “${p("scene_en")}”. Choose its size for a table or a room`,
  SCENE_HANGS: (p) => `The product hangs in the photo, so it hangs in front of “${p("scene_en")}”`,
  SCENE_FLAT: (p) => `The photo looks down on the product, so it lies flat on “${p("scene_en")}”`,
  SCENE_SIZE: (p) =>
    `A product of ${p("size_cm")} cm is the wrong size for “${p("wanted_en")}”, so “${p("scene_en")}” is used`,
  SCENE_PERSPECTIVE: (p) =>
    `The photo was taken from a different height than this scene; “${p("better_en")}” fits better`,
  NO_PRODUCT_FOUND: () => "No product was found, so the background was kept; draw a box around the product",
  PRODUCT_CUT: () =>
    "Part of the product is cut off in the photo; take it again with room around the product",
  CUT_OUT_POOR: () =>
    "The product is probably cut out wrongly; draw a box around it, or fix it with the brush",
  SUBJECT_UNCERTAIN: () => "Several objects may be the product; choose yours in the cut-out",
  EDGE_CONFIDENCE_LOW: () => "The cut-out may be wrong; check the outline",
  MATTE_PRECISE: (p) => `The cut-out was doubtful, so ${p("name")} looked again`,
  MATTE_PRECISE_SKIPPED: (p) => `No second look by ${p("name")}; probably too little memory is free`,
  MATTE_MODEL_LICENCE: () => "The licence of your own cut-out model may not allow commercial use",
  DEVICE_UNAVAILABLE: () =>
    "The graphics card set on the server could not be used; the processor does the work",
  MATTE_MODEL_UNUSABLE: () => "Your own cut-out model cannot be used; another one took over",
  WEIGHTS_DAMAGED: (p) => `The file of the cut-out model ${p("name")} is damaged; going on without it`,
  WEIGHTS_FETCHING: (p) => `Downloading the cut-out model ${p("name")}; needed only once`,
  WEIGHTS_UNAVAILABLE: (p) => `The cut-out model ${p("name")} could not be downloaded; going on without it`,
} as Record<string, (param: (name: string) => string) => string>;

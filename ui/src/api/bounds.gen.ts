// Generated from the API's schemas by `make generate`.
export const altTextBounds = {"zh": {"maxLength": 300}, "en": {"maxLength": 300}} as const;
export const batchRequestBounds = {"items": {"maxItems": 500}, "name": {"maxLength": 120}, "recipe_id": {"maxLength": 64}, "budget_usd": {"minimum": 0.0, "maximum": 1000000.0}} as const;
export const correctionBounds = {"subjects": {"maxItems": 8}, "points": {"maxItems": 32}, "strokes": {"maxItems": 64}, "grow": {"minimum": -6.0, "maximum": 6.0}, "softness": {"minimum": 0.0, "maximum": 4.0}} as const;
export const framingBounds = {"fill": {"minimum": 0.01, "maximum": 0.95}, "x": {"minimum": 0.1, "maximum": 0.9}, "y": {"minimum": 0.1, "maximum": 0.9}, "rotation_deg": {"minimum": -45.0, "maximum": 45.0}, "canvas": {"maxItems": 2}} as const;
export const itemRequestBounds = {"image_id": {"maxLength": 64}, "session_id": {"maxLength": 64}, "sku": {"maxLength": 80}, "title": {"maxLength": 120}, "prompt": {"maxLength": 2000}} as const;
export const matteBoxBounds = {"x": {"minimum": 0.0, "maximum": 1.0}, "y": {"minimum": 0.0, "maximum": 1.0}, "w": {"minimum": 0.02, "maximum": 1.0}, "h": {"minimum": 0.02, "maximum": 1.0}} as const;
export const newRecipeBounds = {"prompt": {"maxLength": 2000}, "template": {"maxLength": 80}, "candidates": {"minimum": 1.0, "maximum": 4.0}, "provider": {"maxLength": 40}, "platform": {"maxLength": 40}, "presets": {"maxItems": 20}, "file_name": {"maxLength": 200}, "approve_from": {"minimum": 0.0, "maximum": 1.0}, "name": {"maxLength": 80}, "variant_id": {"maxLength": 64}} as const;
export const newWebhookBounds = {"url": {"maxLength": 2048}, "events": {"maxItems": 20}} as const;
export const productNameBounds = {"zh": {"maxLength": 80}, "en": {"maxLength": 80}} as const;
export const sessionChangeBounds = {"title": {"maxLength": 120}} as const;
export const strokeBounds = {"radius": {"minimum": 0.001, "maximum": 0.25}, "points": {"maxItems": 400}} as const;
export const titleBounds = {"zh": {"maxLength": 200}, "en": {"maxLength": 200}} as const;
/** Share of the picture that stays free around the product. */
export const margin = 0.02;
/** Long side of the largest picture, in pixels. */
export const maxPictureSide = 4096;
/** Default of the largest upload, in bytes, until `/config` is loaded. */
export const uploadBytes = 31457280;
/** Default of the longest side of a photo, in pixels, until `/config` is loaded. */
export const uploadSide = 4096;
/** Points of all strokes of a correction. */
export const maxStrokePoints = 6000;
/** Share of the brush radius that a stroke covers without edge detection. */
export const strokeCore = 0.4;
/** Files of one export request, and of one archive. */
export const maxExportFiles = 200;
/** Default quality and confidence from which a picture needs no review. */
export const approveFrom = 0.9;
/** Characters of a product's title in file names. */
export const maxProductCharacters = 60;
/** Characters of a file name without its extension. */
export const maxNameCharacters = 80;
/** Degrees of azimuth from the camera within which light counts as frontal. */
export const frontDegrees = 20.0;
/** Milliseconds within which 95 % of first pictures must come. */
export const firstImageMs = 12000;

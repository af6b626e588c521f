/** English words of the cut-out's correction. */
export const enMatte = {
  canvas: "The photo with its cut-out",
  keys: "Arrows move the point or the brush, Shift makes them finer, Enter sets it. P takes the point, B the brush, [ and ] change its size, X swaps add and remove.",
  tool: "Tool",
  tools: { point: "Tap", brush: "Brush", box: "Area" },
  mode: "What it does",
  modes: { add: "Add", remove: "Remove" },
  hints: {
    point: "Tap a part, and all of it is added or removed.",
    brush: "Paint roughly; the edge is found for you.",
    box: "Mark two corners of a box around the whole product; only the inside is searched.",
  },
  which: "Which one is the product?",
  objects: "Objects in the photo",
  several: "Choose one, or several that are sold together.",
  object: (number: number) => `Object ${number}`,
  clearBox: "Look everywhere again",
  size: "Brush size",
  grow: "Grow the edge",
  softness: "Soften the edge",
  product: "Product",
  products: { auto: "Automatic", transparent: "Transparent", solid: "Solid" },
  productMeans: {
    auto: "from the photo",
    transparent: "glass, acrylic: the new background shows through",
    solid: "fills holes in it",
  },
  view: "Show",
  views: { faded: "Faded", mask: "Mask", white: "On white", photo: "Photo" },
  full: {
    point: "No room for more taps. Undo a few, or use the brush.",
    brush: "No room for more strokes. Undo a few, or use a larger brush.",
    box: "",
  },
  finding: "Finding the edge",
  cutting: "Cutting it out …",
  slow: "the machine is busy, so this can take half a minute",
  note: "Used for every picture from now on. Finished ones stay as they are.",
  redoNote: (number: string) =>
    `Picture ${number} is made again with it, as a new step. Later pictures use it too.`,
  nothing: "No product is cut out",
  nothingMeans:
    "This cut-out holds no product, or hardly any. Pictures made with it keep the photo's own background.",
  keepFixing: "Keep fixing",
  leave: "Discard your changes?",
  leaveMeans: "They are not in use yet. The cut-out stays as it was.",
  discard: "Discard",
  useAnyway: "Use it anyway",
  save: "Use this cut-out",
  reset: "Back to automatic",
  confidence: (percent: number) =>
    percent < 10
      ? "This cut-out is most likely wrong; check it."
      : `We are ${percent}% sure of this cut-out; check it.`,
  glass: "This looks transparent; check the edge.",
  then: " ",
};

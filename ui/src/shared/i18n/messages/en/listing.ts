/** English words of alt text and listing title, in the export dialog. */
export const enListing = {
  title: "Alt text and title",
  hint: "For your listing. They also go into the files and into the archive's manifest.csv.",
  language: "Language of the texts",
  languages: { zh: "中文", en: "English" },
  listingTitle: "Listing title",
  altText: "Alt text",
  altPlaceholder: "What the picture shows, for people who cannot see it",
  suggest: "Suggest alt text and title",
  suggesting: "Reading the picture",
  sends: (host: string, cost: string | null) =>
    `Sends this picture, scaled down, with the product's name to ${host}${cost === null ? "" : `; at most ${cost}`}.`,
  suggested: (model: string, cost: string | null) =>
    `Written by ${model}${cost === null ? "" : ` for ${cost}`}. Read it before you use it.`,
  undo: "Undo the suggestion",
  saving: "Saving",
  saved: "Saved",
  copy: (what: string) => `Copy: ${what}`,
  failed: {
    over_budget: "Today's budget is used up. Write the texts yourself, or ask again tomorrow.",
    breaker_open: "The model has just failed. Try again in half a minute.",
    refused: "The model declined this picture. Write the texts yourself.",
    timeout: "The model took too long. Try again, or write the texts yourself.",
    auth: "The model's key is not accepted. Check READER_API_KEY on the server.",
    limited: "Too many requests to the model. Try again in a moment.",
    other: "The model gave no usable answer. Try again, or write the texts yourself.",
  },
};

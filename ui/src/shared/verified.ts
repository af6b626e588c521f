/** Verification of the product in a picture. */

/** True if the product could not be matched with the photo. */
export const isUnverified = (measures: Readonly<Record<string, unknown>>): boolean =>
  measures.verified === false;

/** Whether anybody can vouch for the product in a picture. */

/** The product could not be matched with the photo. */
export const isUnverified = (measures: Readonly<Record<string, unknown>>): boolean =>
  measures.verified === false;

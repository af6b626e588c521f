/** Where the list of products begins. */

export const PAGE = 40;
export const FIRST_LIST = `/session?limit=${PAGE}`;

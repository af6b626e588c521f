/** What holds until the server has said its own. */

export const DEFAULT_MAX_MEGABYTES = 30;

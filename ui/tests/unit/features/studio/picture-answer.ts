/** A response with a picture. The browser of these tests reads only blobs of its own. */
export const pictureAnswer = (content = "picture") =>
  Object.assign(new Response(), { blob: () => Promise.resolve(new Blob([content])) });

/** A name after a Chinese word: with a space before it, unless it is Chinese too. */
export const spaced = (name: string) => (/^\p{Script=Han}/u.test(name) ? name : ` ${name}`);

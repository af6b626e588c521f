/** Puts a space between a Chinese word and a following name, unless the name is Chinese too. */
export const spaced = (name: string) => (/^\p{Script=Han}/u.test(name) ? name : ` ${name}`);

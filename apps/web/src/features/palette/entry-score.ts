/**
 * How well an entry fits what is typed, 0 (not) to 1; keywords: its label first, then other words for it. Every typed word must begin a word of it (1), occur
 * in one (less), or be found letter by letter in the label (least): "rn50" finds ResNet-50.
 */
export function entryScore(search: string, keywords: readonly string[]): number {
  const text = keywords.join(" ").toLowerCase();
  let total = 1;
  for (const word of search.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = text.indexOf(word);
    if (at >= 0) total *= at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? " ") ? 1 : 0.7;
    else if (isSubsequence(word, (keywords[0] ?? "").toLowerCase())) total *= 0.3;
    else return 0;
  }
  return total;
}

function isSubsequence(letters: string, text: string): boolean {
  let next = 0;
  for (const letter of text) if (letter === letters[next]) next++;
  return next === letters.length;
}

/**
 * Puts elements into an order with as few moves as there can be: each that is moved is styled and laid out anew.
 *
 * @param parent of all of them, and of nothing else
 */
export function putInOrder(parent: Element, wanted: readonly Element[]): void {
  const now = new Map([...parent.children].map((element, place) => [element, place]));
  const stays = longestRise(wanted.map((element) => now.get(element) ?? -1));
  let next: Element | null = null;
  for (let number = wanted.length - 1; number >= 0; number--) {
    const element = wanted[number] as Element;
    if (!stays.has(number)) parent.insertBefore(element, next);
    next = element;
  }
}

/** @returns where the longest rising sequence of these numbers stands, in places of the array; a screen of them at most */
export function longestRise(numbers: readonly number[]): ReadonlySet<number> {
  const lengths: number[] = [];
  const before: number[] = [];
  let last = -1;
  for (let place = 0; place < numbers.length; place++) {
    let [length, from] = [1, -1];
    for (let other = 0; other < place; other++)
      if ((numbers[other] as number) < (numbers[place] as number) && (lengths[other] as number) >= length)
        [length, from] = [(lengths[other] as number) + 1, other];
    lengths.push(length);
    before.push(from);
    if (last < 0 || length > (lengths[last] as number)) last = place;
  }
  const places = new Set<number>();
  for (; last >= 0; last = before[last] as number) places.add(last);
  return places;
}

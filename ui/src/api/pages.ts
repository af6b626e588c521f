/** Lists that the server sends in pages. */

type Page<T> = { items: T[]; next_cursor: string | null };

const PAGE = 100;

/** Fetches page after page, until the list ends or has at least `most` items. */
export async function allPages<T>(
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
  most = Infinity,
): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await fetchPage({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null || items.length >= most) return items;
  }
}

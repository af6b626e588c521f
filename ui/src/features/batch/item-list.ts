/** The list in memory, written to the store with every change. */
import type { Schemas } from "@/api/client";
import { freshKey } from "@/shared/fresh-key";
import { refusalOf } from "@/shared/photos/check-file";
import { firstRecipe, type Batch, type Item, type Recipe } from "./list";
import type { Store } from "./store";

const emptyBatch: Batch = { title: "", recipe: firstRecipe, started: false, paused: false };

export class ItemList {
  /** What a list begins with that nobody has chosen anything for. */
  private untouched = emptyBatch;
  batch = this.untouched;
  items: readonly Item[] = [];
  /** Another tab writes to the store; this one only reads what it wrote. */
  readOnly = false;
  private readonly store: Store;
  private readonly onChange: () => void;

  constructor(store: Store, onChange: () => void) {
    this.store = store;
    this.onChange = onChange;
  }

  async read(): Promise<void> {
    const kept = await this.store.load();
    if (!kept) return;
    // What an earlier page kept may know less.
    this.batch = { ...kept.batch, recipe: { ...firstRecipe, ...kept.batch.recipe } };
    this.items = kept.items;
    this.onChange();
  }

  /** What the recipe begins with; one that was chosen stays as it is. */
  prefer(part: Partial<Recipe>): void {
    const before = this.untouched;
    this.untouched = { ...emptyBatch, recipe: { ...firstRecipe, ...part } };
    if (this.batch !== before) return;
    this.batch = this.untouched;
    this.onChange();
  }

  find(id: string): Item | undefined {
    return this.items.find((item) => item.id === id);
  }

  change(id: string, part: Partial<Item>): void {
    if (this.readOnly) return;
    this.items = this.items.map((item) => (item.id === id ? { ...item, ...part } : item));
    const item = this.find(id);
    if (item) void this.store.saveItem(item);
    this.onChange();
  }

  changeBatch(part: Partial<Batch>): void {
    if (this.readOnly) return;
    this.batch = { ...this.batch, ...part };
    void this.store.saveBatch(this.batch);
    this.onChange();
  }

  async add(files: readonly File[], maxBytes: number): Promise<void> {
    if (this.readOnly) return;
    for (const file of files) {
      const refusal = await refusalOf(file, maxBytes);
      const item = this.newItem(file.name.replace(/\.[^.]+$/, ""));
      if (!refusal) await this.store.savePhoto(item.id, file);
      this.append(refusal ? { ...item, due: null, trouble: { why: "refused", refusal } } : item);
    }
  }

  /** Products that are there already; one that is in the list is not doubled. */
  addProducts(sessions: readonly Schemas["Session"][]): void {
    if (this.readOnly) return;
    for (const { id, title, image } of sessions) {
      if (this.items.some(({ sessionId }) => sessionId === id)) continue;
      this.append({ ...this.newItem(title), sessionId: id, thumbnailUrl: image.thumbnail_url });
    }
  }

  photo(id: string): Promise<File | null> {
    return this.store.photo(id);
  }

  /** The server has it now. */
  dropPhoto(id: string): void {
    void this.store.dropPhoto(id);
  }

  remove(id: string): void {
    if (this.readOnly) return;
    this.items = this.items.filter((item) => item.id !== id);
    void this.store.dropItem(id);
    this.onChange();
  }

  async clear(): Promise<void> {
    if (this.readOnly) return;
    this.items = [];
    this.batch = { ...emptyBatch, recipe: this.batch.recipe };
    this.onChange();
    await this.store.clear();
    await this.store.saveBatch(this.batch);
  }

  private newItem(name: string): Item {
    return {
      id: freshKey(),
      place: (this.items.at(-1)?.place ?? 0) + 1,
      name,
      idempotencyKey: freshKey(),
      imageId: null,
      sessionId: null,
      thumbnailUrl: null,
      job: null,
      spentBefore: 0,
      due: "first",
      trouble: null,
      confined: null,
      adoptedId: null,
      shown: 0,
      skipped: false,
    };
  }

  private append(item: Item): void {
    this.items = [...this.items, item];
    void this.store.saveItem(item);
    void this.store.saveBatch(this.batch);
    this.onChange();
  }
}

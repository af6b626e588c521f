/** What the home screen shows first, without data and without life; `app/first-paint` makes markup of it. */
import { Card } from "./product-card";
import { DropStrip } from "./drop-strip";
import { EmptyHome } from "./empty-home";
import { HomeMain } from "./home-main";
import { DEFAULT_MAX_MEGABYTES } from "../limits";
import { SampleRow } from "./sample-row";
import { Shelf } from "./shelf";
import { ShelfTools } from "./shelf-tools";
import { useSpeech } from "@/shared/i18n/words";
import type { Pickers } from "@/shared/photos/pick-buttons";

const pickers: Pickers = { files: { current: null }, camera: { current: null } };
const nothing = () => undefined;

/** Nobody has added a product yet. */
export function FirstDay() {
  return (
    <HomeMain>
      <EmptyHome maxMegabytes={DEFAULT_MAX_MEGABYTES} pickers={pickers} />
      <SampleRow busy={false} error={null} onPick={nothing} />
    </HomeMain>
  );
}

/** A shelf with one card, the pattern of them all. */
export function FirstShelf() {
  const { t } = useSpeech();
  return (
    <HomeMain>
      <DropStrip pickers={pickers} />
      <Shelf count={0} tools={<ShelfTools words="" order="recent" onWords={nothing} onOrder={nothing} />}>
        <Card
          href="/"
          src="data:,"
          title={t.common.untitled}
          facts={"\u00a0"}
          onRename={nothing}
          onDelete={nothing}
        />
      </Shelf>
      <SampleRow onlyOnPhones busy={false} error={null} onPick={nothing} />
    </HomeMain>
  );
}

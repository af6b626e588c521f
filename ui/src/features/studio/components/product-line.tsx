/** Line with the known facts about the product, and a form to correct them. */
import { productNameBounds } from "@/api/bounds.gen";
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { enProduct } from "@/shared/i18n/messages/en/product";
import { zhProduct } from "@/shared/i18n/messages/zh/product";
import { translationWith } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { TextField } from "@/shared/ui/text-field";
import { useStudio } from "../hooks/use-studio";

const useProductTranslation = translationWith("product", { en: enProduct, zh: zhProduct });

export function ProductLine() {
  const { product } = useStudio().session;
  const { t, say } = useProductTranslation();
  const [open, setOpen] = useState(false);
  const { name, size_cm: size, category, label_text: lettering, seen_by: seenBy } = product;
  const kind = category ? t.product.categories[category] : undefined;
  const known = [
    ...(name ? [say(name)] : []),
    // Leave out a category that the name contains already, as in "white cup".
    ...(kind && !(name && say(name).toLowerCase().includes(kind)) ? [kind] : []),
    ...product.materials.flatMap((material) => t.product.materials[material] ?? []),
    ...(size ? [t.product.size(size)] : []),
    ...(lettering ? [t.product.lettering(lettering)] : []),
  ];
  const facts = name ? known : known.length > 0 ? [t.product.unnamed, ...known] : [];
  return (
    <div className="flex items-start justify-between gap-3 border-t border-line px-5 py-3 text-data max-sm:px-4">
      <p className="min-w-0 break-words">
        <span className="text-ink-2">{t.product.label}</span> {facts.join(t.common.dot)}
        {(seenBy !== null || facts.length === 0) && (
          <span className="block text-caption text-ink-2">
            {seenBy ? t.product.seenBy(seenBy) : t.product.unknown}
          </span>
        )}
      </p>
      <Button size="small" weight="text" className="-my-1.5 -mr-2.5 shrink-0" onClick={() => setOpen(true)}>
        {facts.length > 0 ? t.product.correct : t.product.state}
      </Button>
      {open && <ProductDialog onClose={() => setOpen(false)} />}
    </div>
  );
}

function ProductDialog({ onClose }: { onClose: () => void }) {
  const { session, runs } = useStudio();
  const { product } = session;
  const { t } = useProductTranslation();
  const [zh, setZh] = useState(product.name?.zh ?? "");
  const [en, setEn] = useState(product.name?.en ?? "");
  const [size, setSize] = useState(product.size_cm ? String(product.size_cm) : "");
  const save = useSingleMutation({
    mutationFn: (change: Schemas["SessionChange"]) => runs.change.mutateAsync(change),
    onSuccess: onClose,
  });
  const send = () => {
    const names = { zh: zh.trim() || en.trim(), en: en.trim() || zh.trim() };
    const cm = Number(size.replace(",", "."));
    save.mutate({ product: { name: names.zh ? names : null, size_cm: size.trim() ? cm : null } });
  };
  return (
    <FormDialog
      title={t.product.edit}
      action={t.common.save}
      disabled={save.isPending}
      error={save.error}
      onSubmit={send}
      onClose={onClose}
    >
      <TextField
        label={t.product.nameZh}
        value={zh}
        maxLength={productNameBounds.zh.maxLength}
        onChange={setZh}
      />
      <TextField
        label={t.product.nameEn}
        value={en}
        maxLength={productNameBounds.en.maxLength}
        onChange={setEn}
      />
      <TextField
        label={t.product.sizeCm}
        hint={t.product.sizeHint}
        value={size}
        type="number"
        min={0.1}
        max={2000}
        step="any"
        onChange={setSize}
      />
    </FormDialog>
  );
}

/** Ways to choose photos: files, or on a phone the camera and the album. */
import { useRef, type ChangeEvent } from "react";
import { useSpeech } from "@/shared/i18n/words";
import { useMedia } from "@/shared/hooks/use-media";
import { Button } from "@/shared/ui/button";

const ACCEPT =
  "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,image/tiff,image/gif,.heic,.heif";

export function PickButtons({
  compact = false,
  onFiles,
}: {
  compact?: boolean;
  onFiles: (files: File[]) => void;
}) {
  const { t } = useSpeech();
  const touch = useMedia("(pointer: coarse)");
  const narrow = useMedia("(max-width: 639.98px)");
  const picker = useRef<HTMLInputElement>(null);
  const camera = useRef<HTMLInputElement>(null);
  const picked = (event: ChangeEvent<HTMLInputElement>) => {
    onFiles([...(event.target.files ?? [])]);
    // The same file picked twice must count twice.
    event.target.value = "";
  };
  const inputs = (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={ACCEPT}
        onChange={picked}
        data-testid="photo-picker"
      />
      <input ref={camera} type="file" hidden accept="image/*" capture="environment" onChange={picked} />
    </>
  );
  if (touch || narrow) {
    return (
      <div className="flex w-full gap-2">
        {inputs}
        <Button
          size="touch"
          weight="filled"
          icon="camera"
          className="flex-1"
          onClick={() => camera.current?.click()}
        >
          {t.home.takePhoto}
        </Button>
        <Button
          size="touch"
          icon="images"
          className="flex-1 bg-transparent"
          onClick={() => picker.current?.click()}
        >
          {t.home.fromAlbum}
        </Button>
      </div>
    );
  }
  return (
    <>
      {inputs}
      <Button
        size={compact ? "action" : "touch"}
        weight="filled"
        {...(compact ? {} : { icon: "photo" as const })}
        onClick={() => picker.current?.click()}
      >
        {t.home.choose}
      </Button>
    </>
  );
}

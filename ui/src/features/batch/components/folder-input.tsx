/** File input for the button that chooses a folder of photos. */
import type { RefObject } from "react";
import { photosAmong } from "@/shared/photos/dropped-files";

type FolderInputProps = {
  ref: RefObject<HTMLInputElement | null>;
  onFolder: (files: File[], name: string | null) => void;
};

export function FolderInput({ ref, onFolder }: FolderInputProps) {
  return (
    <input
      ref={(element) => {
        ref.current = element;
        // React has no property for `webkitdirectory`.
        element?.setAttribute("webkitdirectory", "");
      }}
      type="file"
      hidden
      data-testid="folder-picker"
      onChange={({ target }) => {
        const files = [...(target.files ?? [])];
        target.value = "";
        onFolder(photosAmong(files), files[0]?.webkitRelativePath.split("/")[0] ?? null);
      }}
    />
  );
}

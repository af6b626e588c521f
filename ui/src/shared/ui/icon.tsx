/** Line icons, named by their meaning in this page. */
import add from "lucide-static/icons/plus.svg?raw";
import adopt from "lucide-static/icons/check.svg?raw";
import back from "lucide-static/icons/chevron-left.svg?raw";
import camera from "lucide-static/icons/camera.svg?raw";
import close from "lucide-static/icons/x.svg?raw";
import copy from "lucide-static/icons/copy.svg?raw";
import compare from "lucide-static/icons/columns-2.svg?raw";
import branch from "lucide-static/icons/git-branch.svg?raw";
import dark from "lucide-static/icons/moon.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import down from "lucide-static/icons/chevron-down.svg?raw";
import edit from "lucide-static/icons/pencil.svg?raw";
import eye from "lucide-static/icons/eye.svg?raw";
import favourite from "lucide-static/icons/star.svg?raw";
import fallback from "lucide-static/icons/corner-down-right.svg?raw";
import fit from "lucide-static/icons/maximize.svg?raw";
import folder from "lucide-static/icons/folder-up.svg?raw";
import help from "lucide-static/icons/circle-question-mark.svg?raw";
import history from "lucide-static/icons/history.svg?raw";
import images from "lucide-static/icons/images.svg?raw";
import language from "lucide-static/icons/languages.svg?raw";
import light from "lucide-static/icons/sun.svg?raw";
import lock from "lucide-static/icons/lock.svg?raw";
import matte from "lucide-static/icons/paintbrush.svg?raw";
import more from "lucide-static/icons/ellipsis.svg?raw";
import optimise from "lucide-static/icons/aperture.svg?raw";
import pause from "lucide-static/icons/pause.svg?raw";
import photo from "lucide-static/icons/image-up.svg?raw";
import queue from "lucide-static/icons/clock.svg?raw";
import redo from "lucide-static/icons/redo-2.svg?raw";
import remove from "lucide-static/icons/trash-2.svg?raw";
import report from "lucide-static/icons/file-text.svg?raw";
import retry from "lucide-static/icons/refresh-cw.svg?raw";
import right from "lucide-static/icons/chevron-right.svg?raw";
import save from "lucide-static/icons/image-down.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import send from "lucide-static/icons/arrow-up.svg?raw";
import settings from "lucide-static/icons/settings.svg?raw";
import signOut from "lucide-static/icons/log-out.svg?raw";
import slide from "lucide-static/icons/move-horizontal.svg?raw";
import stop from "lucide-static/icons/circle-alert.svg?raw";
import swap from "lucide-static/icons/arrow-left-right.svg?raw";
import system from "lucide-static/icons/monitor.svg?raw";
import undo from "lucide-static/icons/undo-2.svg?raw";
import warning from "lucide-static/icons/triangle-alert.svg?raw";
import wishes from "lucide-static/icons/list-checks.svg?raw";
import zoomIn from "lucide-static/icons/zoom-in.svg?raw";
import zoomOut from "lucide-static/icons/zoom-out.svg?raw";

const drawings = {
  add,
  adopt,
  back,
  branch,
  camera,
  close,
  compare,
  copy,
  dark,
  download,
  down,
  edit,
  eye,
  fallback,
  favourite,
  fit,
  folder,
  help,
  history,
  images,
  language,
  light,
  lock,
  matte,
  more,
  optimise,
  pause,
  photo,
  queue,
  redo,
  remove,
  report,
  retry,
  right,
  save,
  search,
  send,
  settings,
  signOut,
  slide,
  stop,
  swap,
  system,
  undo,
  warning,
  wishes,
  zoomIn,
  zoomOut,
};

export type IconName = keyof typeof drawings;

type IconProps = { name: IconName; size?: 14 | 18 | 22; className?: string };

const sizes = { 14: "size-3.5", 18: "size-[18px]", 22: "size-[22px]" };

/** Decorative icon without an accessible name: the text beside it or the button's label provides one. */
export function Icon({ name, size = 18, className = "" }: IconProps) {
  return (
    <span
      aria-hidden="true"
      className={`icon inline-block shrink-0 ${sizes[size]} ${className}`}
      dangerouslySetInnerHTML={{ __html: drawings[name] }}
    />
  );
}

/** Logo: a studio sweep in a square. */
export function Mark() {
  return (
    <svg viewBox="0 0 22 22" className="size-[22px] shrink-0" aria-hidden="true">
      <rect width="22" height="22" rx="3" className="fill-ink" />
      <path
        d="M5 17h5.2c4.2 0 6.8-2.6 6.8-6.8V5"
        className="fill-none stroke-chrome"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

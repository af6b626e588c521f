/** Chinese words of the keys, by what is pressed. */
import type { enShortcutList } from "../en/shortcuts";

export const zhShortcutList: typeof enShortcutList = {
  O: "一键优化",
  "/": "到输入框",
  "Ctrl Enter": "运行或发送",
  "1 2 3 4": "选备选图",
  "`": "快速预览",
  "[ ]": "上一步、下一步",
  A: "用这张",
  "\\": "按住看原图",
  "S D F": "单张、滑动、并排",
  "B X": "闪烁、差异",
  C: "全屏对比",
  "Ctrl Z": "撤销，加 Shift 重做",
  "Tab ← →": "摆放产品",
  "Z 0": "指针处 100%、适合窗口",
  "+ −": "缩放",
  G: "换四周底色",
  T: "版本",
  M: "修正抠图",
  E: "导出",
  "?": "这张表",
};

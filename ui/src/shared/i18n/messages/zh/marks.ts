/** Chinese words of the figures measured on a picture, and of their remedies. */
import type { enMarkMeans, enMarks, enRestore } from "../en/marks";

export const zhMarkMeans: typeof enMarkMeans = {
  protected_delta_e: (limit) =>
    `产品本身的颜色变了多少（ΔE）：产品 95% 的部分，变化都不超过这个数。超过 ${limit} 就和原图比一比。`,
  light_shift_deg: (limit) => `产品上的光转了多少。${limit} 以内算没变。`,
  kelvin_shift: (limit) => `产品变暖或变冷了多少。${limit} 以内算没变。`,
  perspective_deg: (limit) => `产品倾斜了多少。${limit} 以内算没变。`,
  logo_shift_px: (limit) => `字样偏离原位多少，按 1024 像素宽的图算。${limit} 以内算没变。`,
  cut_off: () => "照片里产品没拍全。四周留些空，再拍一张。",
  not_found: () => "没有抠到产品，所以还是照片原来的背景。请修正抠图。",
  looks_differ: () => "抠图没有把握，检查一下轮廓。",
  soft: () => "有些边缘分不清是产品还是背景，检查一下轮廓。",
  leaves_crop: () => "产品可能有一部分没有抠进来，检查一下轮廓。",
  no_network: () => "抠图模型用不了，只按颜色分出产品，检查一下轮廓。",
  doubted: () => "抠图可能不对，检查一下轮廓。",
  subject: () => "产品的长边占画面的多少。",
  edge_confidence: (limit) => `抠对的把握有多大。低于 ${limit} 时检查一下轮廓。`,
  quality: () => "比较几张备选图用的分数，满分 100：轮廓清不清楚、有没有过曝和白边、视角合不合。",
};

export const zhMarks: typeof enMarks = {
  protected_delta_e: "颜色还原",
  light_shift_deg: "光线方向",
  kelvin_shift: "冷暖",
  perspective_deg: "角度",
  logo_shift_px: "字样位置",
  cut_off: "产品没拍全",
  not_found: "没有找到产品",
  looks_differ: "抠图没有把握，检查一下",
  soft: "边缘太虚，拿不准，检查一下",
  leaves_crop: "产品可能没抠全，检查一下",
  no_network: "只按颜色抠的图，检查一下轮廓",
  doubted: "抠图可能不对，检查一下",
  subject: "产品大小",
  edge_confidence: "抠图把握",
  quality: "总分",
};

export const zhRestore: typeof enRestore = {
  product: "还原产品",
  light: "还原光线",
  tone: "还原冷暖",
  perspective: "还原角度",
  logo: "还原字样",
};

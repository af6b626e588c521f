/** Chinese words for what to do after an error, by its code. Empty where the title of the error says it. */
import type { enProblems } from "../en/problems";

export const zhProblems: typeof enProblems = {
  E_AI_MODEL_UNAVAILABLE: "也可以改用本机。",
  E_AI_RATE_LIMITED: "过一分钟重试，或改用本机。",
  E_AI_TIMEOUT: "重试，或改用本机。",
  E_AI_CONTENT_REFUSED: "",
  E_AI_AUTH: "密钥在服务器上设置；哪一个被拒，设置里能看到。",
  E_PROMPT_INVALID: "",
  E_INPUT_TOO_LARGE: "也可以换一张。",
  E_INPUT_UNSUPPORTED: "换一张 JPEG、PNG、WebP、AVIF、HEIC、TIFF 或 GIF。",
  E_INPUT_CORRUPT: "换一张，或把这张重新存一遍。",
  E_STORAGE_IO: "过一会儿重试。",
  E_RATE_LIMITED: "",
  E_NOT_FOUND: "可能已删除，回商品列表看看。",
  E_UNAUTHORIZED: "输入令牌。",
  E_CONFLICT: "可能已在别处更新。看看现在的样子再决定。",
  E_IDEMPOTENCY_MISMATCH: "再按一次。",
  E_VALIDATION: "检查一下填写的内容，再发一次。",
  E_WORKER_LOST: "重试。如果又中断，把报告发给管理员。",
  E_INTERNAL: "重试。如果再出现，把下面的编号告诉管理员。",
};

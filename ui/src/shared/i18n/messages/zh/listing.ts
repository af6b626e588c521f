/** Chinese words of alt text and listing title, in the export dialog. */
import type { enListing } from "../en/listing";

export const zhListing: typeof enListing = {
  title: "图片说明和标题",
  hint: "上架时用，也会写进文件和打包下载里的 manifest.csv。",
  language: "文字的语言",
  languages: { zh: "中文", en: "English" },
  listingTitle: "商品标题",
  altText: "图片说明（alt）",
  altPlaceholder: "给看不到图的人：图里有什么",
  suggest: "帮我写说明和标题",
  suggesting: "正在看图",
  sends: (host, cost) =>
    `会把这张图缩小后连同商品名发到 ${host}${cost === null ? "" : `，最多花费 ${cost}`}。`,
  suggested: (model, cost) => `${model} 写的${cost === null ? "" : `，花费 ${cost}`}。用之前先看一遍。`,
  undo: "撤销，用回原来的",
  saving: "正在保存",
  saved: "已保存",
  copy: (what) => `复制${what}`,
  failed: {
    over_budget: "今日预算已用完。可以自己写，或明天再试。",
    breaker_open: "模型刚才出错了，半分钟后再试。",
    refused: "模型拒绝描述这张图，可以自己写。",
    timeout: "模型太久没有答复。再试一次，或自己写。",
    auth: "模型的密钥无效，请检查服务器上的 READER_API_KEY。",
    limited: "请求太频繁，稍等一下再试。",
    other: "模型没有给出能用的答复。再试一次，或自己写。",
  },
};

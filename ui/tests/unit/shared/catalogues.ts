/** All words of the page, those of single screens among them. */
import { en as enPage } from "@/shared/i18n/messages/en";
import { enBatch } from "@/shared/i18n/messages/en/batch";
import { enExport } from "@/shared/i18n/messages/en/export";
import { enLab } from "@/shared/i18n/messages/en/lab";
import { enMatte } from "@/shared/i18n/messages/en/matte";
import { zh as zhPage } from "@/shared/i18n/messages/zh";
import { zhBatch } from "@/shared/i18n/messages/zh/batch";
import { zhExport } from "@/shared/i18n/messages/zh/export";
import { zhLab } from "@/shared/i18n/messages/zh/lab";
import { zhMatte } from "@/shared/i18n/messages/zh/matte";

export const en = { ...enPage, batch: enBatch, export: enExport, lab: enLab, matte: enMatte };
export const zh = { ...zhPage, batch: zhBatch, export: zhExport, lab: zhLab, matte: zhMatte };

import type { Locale } from "@/lib/locale";
import type { Messages } from "@/messages/en";

// Makes tsc know every message key: a key that no catalogue has does not compile.
declare module "next-intl" {
  interface AppConfig {
    Locale: Locale;
    Messages: Messages;
  }
}

"use client";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Logo } from "@/features/frame/logo";
import { useOptionalSession } from "@/features/frame/session";
import { Icon } from "@/ui/icon";
import { Menu, MenuItem } from "@/ui/menu";

/** The name of the present project at the head of the rail; with several projects, a menu of them. */
export function ProjectSwitch({ isNarrow }: { isNarrow: boolean }) {
  const t = useTranslations("frame");
  const router = useRouter();
  const session = useOptionalSession();
  const name = session?.project.name ?? "Residual";
  if (!session || session.projects.length < 2) {
    return (
      <div className="flex items-center gap-2 px-1">
        <Logo />
        {!isNarrow && <span className="truncate font-semibold">{name}</span>}
      </div>
    );
  }
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t("switchProject", { name })}
          className="flex h-9 min-w-0 flex-1 items-center gap-2 rounded px-1 hover:bg-hover"
        >
          <Logo />
          {!isNarrow && (
            <>
              <span className="flex-1 truncate text-left font-semibold">{name}</span>
              <Icon name="chevronDown" className="text-ink-3" />
            </>
          )}
        </button>
      }
    >
      {session.projects.map((project) => (
        <MenuItem
          key={project.id}
          icon={project.id === session.project.id ? "check" : undefined}
          onSelect={() => {
            session.switchProject(project.slug);
            router.push("/experiments");
          }}
        >
          {project.name}
        </MenuItem>
      ))}
    </Menu>
  );
}

/** SQL: whether a user may (still) share what a project holds. A link of somebody who left shows nothing any more. */
export function mayShare(user: string, project: string): string {
  return `EXISTS (SELECT FROM app_user u WHERE u.id = ${user} AND (u.is_operator OR EXISTS (
    SELECT FROM membership m WHERE m.user_id = u.id AND m.project_id = ${project} AND m.role <> 'VIEWER')))`;
}

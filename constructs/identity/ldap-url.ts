import type { LdapIdentityProps } from './identity-props';

/** The directory, its users and their filter as one URL (RFC 4516), which OKD takes: `ldaps://host/ou=people?uid?sub?(filter)`. */
export function ldapUrl({ url, users }: LdapIdentityProps): string {
  const encoded = (text: string): string =>
    encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3D', '=');
  return `${url}/${encoded(users.base)}?${users.attribute}?sub?${encoded(users.filter)}`;
}

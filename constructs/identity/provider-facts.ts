import type { OidcLogin } from '../contracts';
import type { OidcIdentityProps } from './identity-props';
import { OIDC_PRODUCTS } from './oidc-products';

/** Where a provider is asked for what, and what its tokens call things: what the site says, else what is known of the product. */
export function providerFacts(
  props: OidcIdentityProps,
): Pick<OidcLogin, 'endpoints' | 'scopes' | 'usernameClaim' | 'groupsClaim'> {
  const issuer = props.issuer.replace(/\/$/, '');
  const known = props.product === 'other' ? undefined : OIDC_PRODUCTS[props.product];
  const groupsClaim = props.groupsClaim ?? known?.groupsClaim ?? 'none';
  return {
    endpoints: props.endpoints ??
      known?.endpoints(issuer) ?? { authorize: '', token: '', userinfo: '' },
    scopes: props.scopes ?? known?.scopes ?? ['openid', 'profile', 'email'],
    usernameClaim: props.usernameClaim ?? known?.usernameClaim ?? 'preferred_username',
    groupsClaim: groupsClaim === 'none' ? undefined : groupsClaim,
  };
}

// Ant Design with our own tokens: the colours of base.css.
import { theme, type ThemeConfig } from 'antd';

const shared = {
  colorPrimary: '#07804a',
  borderRadius: 6,
  fontSize: 14,
  fontFamily: 'var(--font)',
  motionDurationSlow: '0.18s',
  motionDurationMid: '0.14s',
};

export const antdTheme: Record<'light' | 'dark', ThemeConfig> = {
  light: {
    token: {
      ...shared,
      colorBgLayout: '#f5f6f7',
      colorBorder: '#c9ced2',
      colorBorderSecondary: '#e3e6e8',
      colorText: '#1d2125',
      colorTextSecondary: '#5a6269',
      colorTextTertiary: '#5a6269',
      colorTextDescription: '#5a6269',
      colorTextPlaceholder: '#6b737a',
      colorPrimaryHover: '#06703f',
      colorPrimaryBg: '#e6f4ec',
      colorPrimaryBgHover: '#d8ecdf',
      colorSuccessBg: '#e6f4ec',
      colorLink: '#07804a',
      colorError: '#c62828',
      colorWarning: '#a85200',
      colorInfo: '#1f62c0',
      colorSuccess: '#07804a',
    },
  },
  dark: {
    algorithm: theme.darkAlgorithm,
    token: {
      ...shared,
      colorBgBase: '#121416',
      colorBgContainer: '#1a1d20',
      colorBgElevated: '#22262a',
      colorBgLayout: '#121416',
      colorBorder: '#444b51',
      colorBorderSecondary: '#2d3236',
      colorText: '#e7eaec',
      colorTextSecondary: '#a0a8af',
      colorTextTertiary: '#a0a8af',
      colorTextDescription: '#a0a8af',
      colorTextPlaceholder: '#8d959c',
      colorLink: '#45d18b',
      colorLinkHover: '#6be0a5',
      colorError: '#ff8a84',
      colorWarning: '#ffb366',
      colorInfo: '#7fb4ff',
      colorSuccess: '#45d18b',
    },
    components: { Button: { primaryColor: '#ffffff', dangerColor: '#1a1d20', defaultHoverColor: '#6be0a5', defaultActiveColor: '#45d18b' }, Tabs: { itemSelectedColor: '#45d18b', inkBarColor: '#45d18b' } },
  },
};

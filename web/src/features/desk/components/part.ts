// What each part of the desk's settings is given.
export interface SettingsPart {
  appid: string;
  mayChange: boolean;
}

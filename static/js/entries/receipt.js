// The receipt: noted on this phone, and a picture of it for the album.
import { keepReceipt } from "../keptreceipt.js";
import { offerPicture } from "../savepicture.js";

keepReceipt();
offerPicture();

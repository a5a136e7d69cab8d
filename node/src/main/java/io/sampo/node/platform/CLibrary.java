package io.sampo.node.platform;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.NativeLong;

/** The C library's functions, by their names. What fails throws with its {@code errno}. */
interface CLibrary extends Library {
  int socket(int domain, int type, int protocol) throws LastErrorException;

  int close(int descriptor) throws LastErrorException;

  NativeLong sendto(
      int socket, byte[] message, NativeLong length, int flags, byte[] address, int addressLength)
      throws LastErrorException;

  int mlockall(int flags) throws LastErrorException;
}

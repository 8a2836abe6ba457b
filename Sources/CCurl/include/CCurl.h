/// libcurl, loaded when it is first needed: its headers are enough to build, no library to start.
///
/// Nothing here may be called before `ccurl_load` has succeeded, except `ccurl_load` itself and
/// `ccurl_detach`; a call all the same does nothing and returns 0 or NULL.
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stddef.h>

#if defined(__APPLE__)
#define CCURL_LIBRARY "libcurl.4.dylib"
#else
#define CCURL_LIBRARY "libcurl.so.4"
#endif

/// Options that younger headers name; libcurl never renumbers one.
enum {
  CCURL_CA_CACHE_TIMEOUT = 321, // 7.87
  CCURL_QUICK_EXIT = 322,       // 7.87
};

/// The functions of libcurl that are used: result, name behind `curl_`, parameters, arguments.
#define CCURL_FUNCTIONS(F)                                                                         \
  F(CURL *, easy_init, (void), ())                                                                 \
  F(void, easy_cleanup, (CURL * easy), (easy))                                                     \
  F(CURLM *, multi_init, (void), ())                                                               \
  F(CURLMcode, multi_cleanup, (CURLM * multi), (multi))                                            \
  F(CURLMcode, multi_add_handle, (CURLM * multi, CURL * easy), (multi, easy))                      \
  F(CURLMcode, multi_remove_handle, (CURLM * multi, CURL * easy), (multi, easy))                   \
  F(CURLMcode, multi_perform, (CURLM * multi, int *running), (multi, running))                     \
  F(CURLMcode, multi_poll,                                                                         \
    (CURLM * multi, struct curl_waitfd * extra, unsigned int count, int timeout, int *ready),      \
    (multi, extra, count, timeout, ready))                                                         \
  F(CURLMcode, multi_wakeup, (CURLM * multi), (multi))                                             \
  F(CURLMsg *, multi_info_read, (CURLM * multi, int *left), (multi, left))                         \
  F(struct curl_slist *, slist_append, (struct curl_slist * list, const char *line), (list, line)) \
  F(void, slist_free_all, (struct curl_slist * list), (list))                                     \
  F(char *, version, (void), ())

#define CCURL_DECLARE(result, name, parameters, arguments) result ccurl_##name parameters;
CCURL_FUNCTIONS(CCURL_DECLARE)
#undef CCURL_DECLARE

/// Loads a library of that name and initialises it; 1, or 0 with the reason written as a string.
int ccurl_load(const char *library, char *reason, size_t size);

/// `curl_easy_setopt`, one function for each kind of parameter.
CURLcode ccurl_set_long(CURL *easy, unsigned int option, long value);
CURLcode ccurl_set_size(CURL *easy, unsigned int option, curl_off_t value);
/// Strings are copied by libcurl; error buffers and callbacks' data are not.
CURLcode ccurl_set_pointer(CURL *easy, unsigned int option, const void *value);
CURLcode ccurl_set_string(CURL *easy, unsigned int option, const char *value);
CURLcode ccurl_set_list(CURL *easy, unsigned int option, struct curl_slist *value);
CURLcode ccurl_set_write(CURL *easy, unsigned int option, curl_write_callback value);
CURLcode ccurl_set_debug(CURL *easy, curl_debug_callback value);

/// Allows HTTP and HTTPS and nothing else, whatever the library's age.
CURLcode ccurl_set_http_only(CURL *easy);

/// `curl_easy_getinfo`, one function for each kind of result; 0 or NULL where there is none.
long ccurl_get_long(CURL *easy, CURLINFO info);
curl_off_t ccurl_get_size(CURL *easy, CURLINFO info);
/// Lives until the handle is cleaned up or used again.
const char *ccurl_get_string(CURL *easy, CURLINFO info);
/// A line of the peer's own certificate, as in `Subject:CN = localhost`, or NULL behind the last.
const char *ccurl_get_certificate_line(CURL *easy, int index);

/// What a finished handle came to; `easy` is NULL where no message is left.
struct ccurl_finished {
  CURL *easy;
  CURLcode code;
};
struct ccurl_finished ccurl_take_finished(CURLM *multi);

/// Runs a body on a thread of its own that nobody joins, with SIGPIPE blocked there; 0 or an errno.
///
/// libcurl under NOSIGNAL leaves SIGPIPE to its caller, and OpenSSL writes without MSG_NOSIGNAL.
int ccurl_detach(void (*body)(void *), void *context);

#endif

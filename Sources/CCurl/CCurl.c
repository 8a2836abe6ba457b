#include "CCurl.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

// libcurl's own functions, by the names it has for them.
struct functions {
#define DECLARE(result, name, parameters, arguments) result(*name) parameters;
  CCURL_FUNCTIONS(DECLARE)
#undef DECLARE
  CURLcode (*global_init)(long);
  CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
  CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
};

// Written once, under the lock, before the first call through it.
static struct functions curl;
static int is_loaded;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define DEFINE(result, name, parameters, arguments)                                                \
  result ccurl_##name parameters { return curl.name ? curl.name arguments : (result)0; }
CCURL_FUNCTIONS(DEFINE)
#undef DEFINE

// dlsym, complaining of the first name that is not there.
static void *find(void *library, const char *symbol, const char **missing) {
  void *address = dlsym(library, symbol);
  if (address == NULL && *missing == NULL) { *missing = symbol; }
  return address;
}

static int load(const char *name, char *reason, size_t size) {
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *error = dlerror();
    snprintf(reason, size, "%s", error ? error : name);
    return 0;
  }
  struct functions found = {0};
  const char *missing = NULL;
#define FIND(result, name, parameters, arguments)                                                  \
  found.name = (result(*) parameters)find(library, "curl_" #name, &missing);
  CCURL_FUNCTIONS(FIND)
#undef FIND
  found.global_init = (CURLcode(*)(long))find(library, "curl_global_init", &missing);
  found.easy_setopt =
      (CURLcode(*)(CURL *, CURLoption, ...))find(library, "curl_easy_setopt", &missing);
  found.easy_getinfo =
      (CURLcode(*)(CURL *, CURLINFO, ...))find(library, "curl_easy_getinfo", &missing);
  if (missing != NULL) {
    snprintf(reason, size, "%s: has no %s", name, missing);
    dlclose(library);
    return 0;
  }
  if (is_loaded) { return 1; }
  CURLcode code = found.global_init(CURL_GLOBAL_ALL);
  if (code != CURLE_OK) {
    snprintf(reason, size, "%s: curl_global_init says %d", name, (int)code);
    return 0;
  }
  curl = found;
  is_loaded = 1;
  return 1;
}

int ccurl_load(const char *library, char *reason, size_t size) {
  pthread_mutex_lock(&lock);
  int loaded = load(library, reason, size);
  pthread_mutex_unlock(&lock);
  return loaded;
}

#define SET(name, type)                                                                            \
  CURLcode ccurl_set_##name(CURL *easy, unsigned int option, type value) {                         \
    return curl.easy_setopt ? curl.easy_setopt(easy, (CURLoption)option, value)                    \
                            : CURLE_FAILED_INIT;                                                   \
  }
SET(long, long)
SET(size, curl_off_t)
SET(pointer, const void *)
SET(string, const char *)
SET(list, struct curl_slist *)
SET(write, curl_write_callback)
#undef SET

CURLcode ccurl_set_debug(CURL *easy, curl_debug_callback value) {
  if (curl.easy_setopt == NULL) { return CURLE_FAILED_INIT; }
  return curl.easy_setopt(easy, CURLOPT_DEBUGFUNCTION, value);
}

CURLcode ccurl_set_http_only(CURL *easy) {
  if (curl.easy_setopt == NULL) { return CURLE_FAILED_INIT; }
  // CURLOPT_PROTOCOLS_STR (7.85), and CURLOPT_PROTOCOLS with CURLPROTO_HTTP and _HTTPS before.
  CURLcode code = curl.easy_setopt(easy, (CURLoption)10318, "http,https");
  if (code != CURLE_UNKNOWN_OPTION) { return code; }
  return curl.easy_setopt(easy, (CURLoption)181, 3L);
}

long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  if (curl.easy_getinfo == NULL || curl.easy_getinfo(easy, info, &value) != CURLE_OK) { return 0; }
  return value;
}

curl_off_t ccurl_get_size(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  if (curl.easy_getinfo == NULL || curl.easy_getinfo(easy, info, &value) != CURLE_OK) { return 0; }
  return value;
}

const char *ccurl_get_string(CURL *easy, CURLINFO info) {
  char *value = NULL;
  if (curl.easy_getinfo == NULL || curl.easy_getinfo(easy, info, &value) != CURLE_OK) {
    return NULL;
  }
  return value;
}

const char *ccurl_get_certificate_line(CURL *easy, int index) {
  struct curl_certinfo *chain = NULL;
  if (curl.easy_getinfo == NULL ||
      curl.easy_getinfo(easy, CURLINFO_CERTINFO, &chain) != CURLE_OK || chain == NULL ||
      chain->num_of_certs < 1 || chain->certinfo == NULL) {
    return NULL;
  }
  struct curl_slist *line = chain->certinfo[0];
  while (line != NULL && index-- > 0) { line = line->next; }
  return line ? line->data : NULL;
}

struct ccurl_finished ccurl_take_finished(CURLM *multi) {
  int left = 0;
  for (;;) {
    CURLMsg *message = ccurl_multi_info_read(multi, &left);
    if (message == NULL) { return (struct ccurl_finished){NULL, CURLE_OK}; }
    if (message->msg == CURLMSG_DONE) {
      return (struct ccurl_finished){message->easy_handle, message->data.result};
    }
  }
}

struct start {
  void (*body)(void *);
  void *context;
};

static void *run(void *argument) {
  struct start start = *(struct start *)argument;
  free(argument);
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, NULL);
  start.body(start.context);
  return NULL;
}

int ccurl_detach(void (*body)(void *), void *context) {
  struct start *start = malloc(sizeof *start);
  if (start == NULL) { return ENOMEM; }
  *start = (struct start){body, context};
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error == 0) {
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    error = pthread_create(&thread, &attributes, run, start);
    pthread_attr_destroy(&attributes);
  }
  if (error != 0) { free(start); }
  return error;
}
